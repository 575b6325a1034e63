import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";

import i18n from "../src/i18n";
import { Facts } from "../src/parts/Facts";
import { GRADES, NUMERAL } from "../src/parts/grades";
import { GradeTag } from "../src/parts/GradeTag";
import { StateTag } from "../src/parts/StateTag";
import { Why } from "../src/parts/Why";
import { cityTime, shortTime } from "../src/parts/time";
import { WarningPath } from "../src/screens/warnings/WarningPath";

beforeAll(() => i18n.changeLanguage("en"));

describe("a grade", () => {
  it.each(GRADES)("%s is told by numeral and word, not by colour alone", (grade) => {
    const html = renderToStaticMarkup(<GradeTag grade={grade} />);

    expect(html).toContain(NUMERAL[grade]);
    expect(html.toLowerCase()).toContain(`>${grade}<`);
  });
  it("that is none says so", () => {
    expect(renderToStaticMarkup(<GradeTag grade={null} />)).toContain("No grade");
  });
  it("shown short keeps its word for those who listen", () => {
    expect(renderToStaticMarkup(<GradeTag grade="red" short />)).toContain('aria-label="Red"');
  });
});

describe("a state", () => {
  it("has words in its room", () => {
    expect(renderToStaticMarkup(<StateTag noun="warning" state="in_review" />)).toContain("In review");
  });
  it("without words shows itself", () => {
    expect(renderToStaticMarkup(<StateTag noun="warning" state="unheard" />)).toContain("unheard");
  });
});

describe("the way of a warning", () => {
  it("marks the present step", () => {
    expect(renderToStaticMarkup(<WarningPath state="approved" />)).toMatch(/aria-current="step"><span[^>]*>3<\/span>Approved/);
  });
  it("ends with how it ended", () => {
    expect(renderToStaticMarkup(<WarningPath state="expired" />)).toContain("Expired");
  });
});

describe("reasons", () => {
  it("name source, confidence, maturity and that they are synthetic", () => {
    const html = renderToStaticMarkup(<Why rows={[["Rule", "level ≥ 3.2 m"]]} source="GB 1" confidence="P" maturity="screening" synthetic />);

    for (const said of ["GB 1", "Confidence P", "Screening", "Synthetic", "level ≥ 3.2 m"]) expect(html).toContain(said);
  });
  it("escape what they are given", () => {
    expect(renderToStaticMarkup(<Facts rows={[["x", "<script>alert(1)</script>"]]} />)).not.toContain("<script>");
  });
  it("leave out what is empty", () => {
    expect(renderToStaticMarkup(<Facts rows={[["gone", null], ["zero", 0]]} />)).toMatch(/^(?!.*gone).*zero/);
  });
});

describe("the city's time", () => {
  it("is eight hours ahead of UTC, whatever the reader's zone", () => {
    expect(shortTime("2024-09-15T18:30:00Z", "en")).toBe("02:30");
    expect(cityTime("2024-09-16T02:30")).toBe("2024-09-15T18:30:00.000Z");
  });
});
