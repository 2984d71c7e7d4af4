"""What a run stands on when it goes on: files that are whole."""
