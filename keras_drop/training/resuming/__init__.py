"""How a run goes on: one process, the same settings, the same images."""
