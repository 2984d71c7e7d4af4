"""What neighbours say: re-ranking, query expansion, fusion of photos."""
