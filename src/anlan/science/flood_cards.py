"""The cards of the models in `anlan.science.flood`."""

from anlan.science.cards import Maturity, ModelCard, Quantity

_BED, _CELL = Quantity("bed_m", "m", -500, 9000), Quantity("dx_m", "m", 0.5, 1000)
_ROUGHNESS, _RAIN = Quantity("manning", "s/m^(1/3)", 0.005, 0.5), Quantity("rain_m", "m", 0)
_DEPTH, _LEVEL = Quantity("depth_m", "m", 0), Quantity("level_m", "m", -500, 9000)

FLOOD_CARDS = (
    ModelCard(
        id="flood.simulation.inertial",
        title="Water on the ground by local inertia: rain, drains, levels, structures",
        inputs=(_BED, _CELL, _ROUGHNESS, _RAIN),
        outputs=(_DEPTH, Quantity("discharge_m2_s", "m2/s")),
        limits="Without advection: for slow, wide floods (Froude number below 0.5), not for dam breaks, steep streams."
        " What is finer than a cell is not in it.",
        maturity=Maturity.VERIFIED,
        source="Bates, Horritt and Fewtrell (2010); de Almeida et al. (2012)",
        verified_by="lake at rest, uniform flow, the wave of Hunter et al. (2005), UK Environment Agency tests",
    ),
    ModelCard(
        id="flood.momentum.momentum",
        title="Water on the ground with all of its momentum: dam breaks, steep and fast flow",
        inputs=(_BED, _CELL, _ROUGHNESS, _RAIN),
        outputs=(_DEPTH, Quantity("velocity_m_s", "m/s")),
        limits="First order in space and time: fronts are smeared over a few cells, short waves are damped and late. "
        "No turbulence, no vertical motion.",
        maturity=Maturity.VERIFIED,
        source="Audusse et al. (2004); Chen and Noelle (2017); Xia and Liang (2018); Toro (2001)",
        verified_by="Ritter, Stoker, MacDonald, Thacker, uniform flow, weirs, UK Environment Agency tests 3 and 4, the "
        "Okushiri tank",
    ),
    ModelCard(
        id="flood.subgrid.subgrid",
        title="Local inertia on a coarse grid with tables of the ground that is finer",
        inputs=(_BED, _CELL, _ROUGHNESS, _RAIN),
        outputs=(Quantity("level_m", "m"), _DEPTH),
        limits="One water level in a coarse cell: pools that a ridge divides within it are one.",
        maturity=Maturity.VERIFIED,
        source="Defina (2000); Volp, van Prooijen and Stelling (2013); van Ormondt et al. (2025)",
        verified_by="the fine run on a synthetic city; uniform flow in a canal narrower than a cell",
    ),
    ModelCard(
        id="flood.infiltration.runoff_mm",
        title="Runoff of a storm by the curve number",
        inputs=(Quantity("rain_mm", "mm", 0), Quantity("curve_number", "1", 1, 100)),
        outputs=(Quantity("runoff_mm", "mm", 0),),
        limits="A storm's total on one soil and cover; nothing about its course in time.",
        maturity=Maturity.VERIFIED,
        source="USDA NEH part 630, chapter 10 (2004)",
        verified_by="worked examples of Chow, Maidment and Mays (1988)",
    ),
    ModelCard(
        id="flood.drains.Drains",
        title="Drains of a city without data of its pipes: capacity, storage, outfall under the tide",
        inputs=(Quantity("capacity_mm_h", "mm/h", 0), Quantity("storage_mm", "mm", 0), _LEVEL),
        outputs=(Quantity("entered_m3", "m3", 0), Quantity("carried_m3", "m3", 0)),
        limits="No pipes between sub-catchments; capacities of standards are not those of the pipes in the ground.",
        maturity=Maturity.SCREENING,
        source="GB 50014-2021 for design capacities; Torricelli for outfalls under water",
    ),
    ModelCard(
        id="flood.openings.Weir",
        title="Weirs, gates, culverts and breaches between cells, or to a level outside",
        inputs=(_LEVEL, Quantity("breadth_m", "m", 0)),
        outputs=(Quantity("flow_m3_s", "m3/s"),),
        limits="No speed of approach, no storage in barrels, boxes and pipes only; a breach grows by the clock.",
        maturity=Maturity.VERIFIED,
        source="FHWA HDS-5 (2001); Villemonte (1947); Fread (1988); Froehlich (2008)",
        verified_by="HDS-5 example 4 to 4 %, SWMM's drowned weir to 0.1 %, integrated surface in barrels to 8 %",
    ),
    ModelCard(
        id="flood.gates.froehlich_2008",
        title="The final shape of a breach in an embankment, and how long it takes",
        inputs=(Quantity("volume_m3", "m3", 1e3, 1e9), Quantity("crest_m", "m"), Quantity("bottom_m", "m")),
        outputs=(Quantity("breadth_m", "m", 0), Quantity("seconds", "s", 0)),
        limits="A regression on 74 failed dams: half or twice the breadth is within its scatter.",
        maturity=Maturity.SCREENING,
        source="Froehlich (2008)",
    ),
    ModelCard(
        id="flood.assimilation.analysed",
        title="Observed depths draw the model's water towards them",
        inputs=(_DEPTH, Quantity("reach_m", "m", 1)),
        outputs=(_DEPTH,),
        limits="Errors of depth with one reach for all; a gauge corrects what lies near and no higher than its water.",
        maturity=Maturity.SCREENING,
        source="Lorenc (1981); Gaspari and Cohn (1999)",
        verified_by="the textbook gain; twin experiments with wrong rain: a quarter of the error is won",
    ),
    ModelCard(
        id="flood.ensemble.members",
        title="Members of a flood forecast: rain, its place, roughness, drains and pumps",
        inputs=(Quantity("count", "1", 1, 1000),),
        outputs=(Quantity("rain", "1", 0), Quantity("drains", "1", 0)),
        limits="Spreads are policy, not fitted to past errors; members differ by these five things only.",
        maturity=Maturity.SCREENING,
        source="Owen (1998)",
    ),
)
