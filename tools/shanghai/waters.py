"""Main waterways as coarse lines, drawn by hand from general knowledge for the synthetic terrain.

They are right to some hundreds of metres and marked approximate wherever they show; they are no survey.
"""

from dataclasses import dataclass
from typing import Any

import shapely


@dataclass(frozen=True)
class Water:
    """One waterway: its line (lon, lat) and a typical width."""

    id: str
    zh: str
    en: str
    width_m: float
    line: tuple[tuple[float, float], ...]

    @property
    def geometry(self) -> shapely.LineString:
        """The line in WGS 84."""
        return shapely.LineString(self.line)


WATERS: tuple[Water, ...] = (
    Water(
        "huangpu", "黄浦江", "Huangpu River", 450,
        (
            (120.985, 31.060), (121.045, 31.015), (121.085, 30.975), (121.160, 30.948), (121.232, 30.965),
            (121.290, 30.962), (121.350, 30.972), (121.400, 30.985), (121.440, 31.000), (121.475, 31.020),
            (121.470, 31.055), (121.463, 31.090), (121.466, 31.125), (121.455, 31.155), (121.460, 31.175),
            (121.475, 31.187), (121.498, 31.195), (121.508, 31.210), (121.503, 31.225), (121.492, 31.237),
            (121.493, 31.246), (121.507, 31.250), (121.530, 31.250), (121.550, 31.258), (121.565, 31.275),
            (121.567, 31.295), (121.557, 31.315), (121.530, 31.345), (121.510, 31.370), (121.503, 31.390),
            (121.511, 31.401),
        ),
    ),
    Water(
        "suzhou", "苏州河", "Suzhou Creek", 60,
        (
            (121.060, 31.300), (121.110, 31.265), (121.170, 31.255), (121.235, 31.250), (121.300, 31.235),
            (121.345, 31.215), (121.375, 31.220), (121.400, 31.228), (121.415, 31.237), (121.430, 31.245),
            (121.445, 31.250), (121.455, 31.243), (121.470, 31.245), (121.491, 31.2455),
        ),
    ),
    Water(
        "wenzaobang", "蕴藻浜", "Wenzaobang", 60,
        ((121.235, 31.300), (121.300, 31.325), (121.360, 31.335), (121.420, 31.345), (121.470, 31.370),
         (121.506, 31.379)),
    ),
    Water(
        "dianpu", "淀浦河", "Dianpu River", 50,
        ((120.980, 31.105), (121.050, 31.112), (121.120, 31.135), (121.200, 31.120), (121.300, 31.110),
         (121.380, 31.115), (121.460, 31.135)),
    ),
    Water(
        "chuanyang", "川杨河", "Chuanyang River", 50,
        ((121.465, 31.155), (121.550, 31.170), (121.620, 31.190), (121.700, 31.195), (121.780, 31.200)),
    ),
    Water(
        "dazhi", "大治河", "Dazhi River", 100,
        ((121.475, 31.030), (121.600, 31.025), (121.700, 31.020), (121.800, 31.010), (121.920, 31.000)),
    ),
    Water(
        "pudong_canal", "浦东运河", "Pudong Canal", 40,
        ((121.680, 31.290), (121.700, 31.200), (121.720, 31.100), (121.760, 31.020), (121.780, 30.930)),
    ),
    Water("jinhuigang", "金汇港", "Jinhuigang", 70, ((121.470, 31.005), (121.500, 30.930), (121.515, 30.840))),
    Water(
        "youdungang", "油墩港", "Youdungang", 60,
        ((121.170, 31.235), (121.190, 31.150), (121.195, 31.050), (121.195, 30.955)),
    ),
    Water("taipu", "太浦河", "Taipu River", 150, ((120.880, 31.010), (120.960, 31.005), (121.060, 31.000))),
    Water("zhangjing", "张泾河", "Zhangjing River", 40, ((121.260, 30.962), (121.290, 30.870), (121.330, 30.730))),
    Water("longquangang", "龙泉港", "Longquangang", 40, ((121.350, 30.972), (121.370, 30.860), (121.400, 30.740))),
    Water("lianqi", "练祁河", "Lianqi River", 40,
        ((121.140, 31.370), (121.250, 31.385), (121.370, 31.410), (121.450, 31.440))),
    Water("zhangjiabang", "张家浜", "Zhangjiabang", 40,
        ((121.508, 31.215), (121.560, 31.217), (121.650, 31.225), (121.760, 31.235))),
    Water(
        "chongming_south", "南横引河", "Nanheng Diversion River", 40,
        ((121.250, 31.760), (121.400, 31.670), (121.520, 31.630), (121.700, 31.570), (121.860, 31.530)),
    ),
    Water(
        "chongming_north", "北横引河", "Beiheng Diversion River", 40,
        ((121.250, 31.810), (121.450, 31.750), (121.650, 31.680), (121.880, 31.560)),
    ),
)  # fmt: skip


def features() -> dict[str, Any]:
    """Return the waterways as GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": w.id, "zh": w.zh, "en": w.en, "width_m": w.width_m, "approximate": True},
                "geometry": {"type": "LineString", "coordinates": [list(point) for point in w.line]},
            }
            for w in WATERS
        ],
    }
