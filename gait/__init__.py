"""Running gait analysis from an ordinary video."""

__version__ = "0.1.0"
