"""Exact solutions of the shallow water equations, each from its source; lengths in m, times in s."""

import numpy as np
from scipy.optimize import brentq

from anlan.science.arrays import Floats

G = 9.80665


def ritter(x: Floats, t: float, deep: float) -> tuple[Floats, Floats]:
    """Return depth and velocity after a dam at x = 0 broke over dry ground.

    Ritter (1892); SWASHES (Delestre et al. 2013, Int. J. Numer. Meth. Fluids 72, 269-300), section 4.1.2.
    """
    c = np.sqrt(G * deep)
    s = np.clip(x / t, -c, 2 * c)
    return (2 * c - s) ** 2 / (9 * G), np.where(s < 2 * c, 2 / 3 * (c + s), 0.0)


def stoker(x: Floats, t: float, deep: float, shallow: float) -> tuple[Floats, Floats]:
    """Return depth and velocity after a dam at x = 0 broke over still water.

    Stoker (1957), Water Waves, section 10.8; SWASHES, section 4.1.1.
    """
    left, right = np.sqrt(G * deep), np.sqrt(G * shallow)

    def bore(c: float) -> float:
        return float(-8 * right**2 * c**2 * (left - c) ** 2 + (c**2 - right**2) ** 2 * (c**2 + right**2))

    c = brentq(bore, right * (1 + 1e-9), left * (1 - 1e-9))
    middle, speed = c**2 / G, 2 * (left - c)
    front = middle * speed / (middle - shallow)
    fan = np.clip(x / t, -left, speed - c)
    h, u = (2 * left - fan) ** 2 / (9 * G), 2 / 3 * (left + fan)
    ahead = x > front * t
    return np.where(ahead, shallow, h), np.where(ahead, 0.0, u)


def bore_at_a_wall(depth: float, speed: float) -> tuple[float, float]:
    """Return depth behind, and speed of, the bore that runs back when water hits a wall (Rankine and Hugoniot)."""

    def gap(h: float) -> float:
        return float(speed - (h - depth) * np.sqrt(G / 2 * (1 / h + 1 / depth)))

    h = brentq(gap, depth, depth + 20 * speed)
    return h, depth * speed / (h - depth)


def broad_weir(head: float) -> float:
    """Return the discharge per breadth, m²/s, over a crest that water passes at critical depth, from its head above."""
    return float(np.sqrt(G) * (2 / 3 * head) ** 1.5)


class Bowl:
    """A plane of water that goes round in a paraboloid (Thacker 1981, J. Fluid Mech. 107, 499-508; SWASHES 4.2.2)."""

    def __init__(self, radius: float = 1.0, deep: float = 0.1, offset: float = 0.5) -> None:
        self.radius, self.deep, self.offset = radius, deep, offset
        self.omega = np.sqrt(2 * G * deep) / radius

    @property
    def period(self) -> float:
        return float(2 * np.pi / self.omega)

    def bed(self, x: Floats, y: Floats) -> Floats:
        return -self.deep * (1 - (x**2 + y**2) / self.radius**2)

    def water(self, x: Floats, y: Floats, t: float) -> tuple[Floats, float, float]:
        """Return depths, and the velocity along x and y that is the same for all of the water."""
        angle = self.omega * t
        slope = self.offset * self.deep / self.radius**2
        surface = slope * (2 * x * np.cos(angle) + 2 * y * np.sin(angle) - self.offset)
        speed = self.offset * self.omega
        return np.maximum(0, surface - self.bed(x, y)), -speed * np.sin(angle), speed * np.cos(angle)
