"""The run: settings to a trained, evaluated and reported model."""
