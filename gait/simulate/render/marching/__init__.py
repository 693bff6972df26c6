"""The finer renderer: rays marched through a field of distances around the runner. Needs numba."""

from gait.simulate.render.marching.ray_painter import RayPainter, require_numba

__all__ = ["RayPainter", "require_numba"]
