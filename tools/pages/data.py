"""The page of data: what the city package holds, from where, under which licence; made from its manifest."""

from anlan.city.package import open_package
from pages.markdown import code, page, section, table


def write() -> str:
    """Return the page."""
    package = open_package("shanghai")
    rows = (
        (
            code(entry["file"]),
            entry.get("rows", ""),
            entry.get("licence"),
            "**synthetic**" if entry.get("synthetic") else "no",
            entry.get("confidence"),
            entry.get("what"),
            entry.get("source"),
            entry.get("date"),
        )
        for entry in package.manifest["files"]
    )
    return page(
        "Data 数据来源",
        "上海城市数据包的每个文件：内容、来源、许可和日期。**synthetic** 表示由带种子的脚本合成，仅供试用，"
        "不得用于保护任何人；正式使用前须换成本市自己的登记数据。",
        "Every file of the Shanghai city package: what it holds, where it is from, its licence and date. **synthetic** "
        "means: made by a script with a seed so that the city can be tried as a whole. It must not be used to protect "
        "anybody; before real use, replace it with the city's own registers.",
        f"City code `{package.root_code}`, metric system `{package.crs}`, time zone `{package.timezone}`.",
        table(("file", "rows", "licence", "synthetic", "confidence", "what", "source", "date"), rows),
        section("Notices 署名", *(f"- {notice}" for notice in package.credits())),
        section(
            "Content of the catalog 目录内容",
            "Values of law and policy carry `source`, `confidence` and `from` one by one; see "
            "[settings](reference/settings.md), [sensor rules](reference/sensor-rules.md) and "
            "[plans](reference/plans.md). Texts of norms are not reproduced.",
        ),
        section(
            "The typhoon night 台风夜",
            "The track is real (IBTrACS, see above). Wind follows from it by a parametric model; rain, tide, "
            "instruments' readings and people's habits are synthetic and say so. See [models](reference/models.md).",
        ),
    )
