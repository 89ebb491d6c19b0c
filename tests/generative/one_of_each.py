"""One expression of every kind that the language knows, for tests that no interpreter may have forgotten one."""

from __future__ import annotations

from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.windows import Window

BASELINE = Window(label="week 0", target=0, first=-28, last=0)
DRUG = v.Drugs(label="a drug", names=("a",))
ONE, TWO = v.Constant(number=1.0), v.Constant(number=2.0)
CK = v.Picked(name="ck", label="creatine kinase", unit="U/L", window=BASELINE)
ULCERS = v.Picked(name="ulceration", label="ulceration", unit="yes/no", window=BASELINE)
YES = c.TextIs(of=ULCERS, texts=("yes",))

EACH = (
    ONE,
    v.Missing(),
    CK,
    v.DayOf(of=CK),
    v.LimitOf(of=CK, which="upper"),
    v.VisitDay(window=BASELINE, names=("ck",)),
    v.Nearest(name="ck", label="creatine kinase", unit="U/L", to=ONE, within=14),
    v.PatientNumber(field="age_at_index"),
    v.FollowUpEnd(),
    v.StartDay(drugs=DRUG),
    v.StopDay(drugs=DRUG),
    v.DoseOn(drugs=DRUG, day=ONE),
    v.CumulativeDose(drugs=DRUG, first=ONE, last=TWO),
    v.DaysOn(drugs=DRUG, first=ONE, last=TWO),
    v.Add(left=CK, right=ONE),
    v.Subtract(left=CK, right=ONE),
    v.Multiply(left=CK, right=TWO),
    v.Divide(left=CK, right=TWO),
    v.Total(of=(CK, ONE)),
    v.Median(of=(CK, ONE, TWO)),
    v.Extreme(which="largest", of=(CK, ONE)),
    v.FirstRecorded(of=(CK, ONE)),
    v.CountTrue(of=(YES, c.Known(truth=True))),
    v.Rounded(of=CK),
    v.Function(name="sqrt", of=CK),
    v.Bands(of=CK, edges=(10.0,), points=(0.0, 1.0)),
    v.Where(criterion=YES, then=ONE, otherwise=TWO),
    v.NamedValue(key="k", version="", label="a part", unit="", of=CK),
    c.Known(truth=None),
    c.Compare(left=CK, operator="<=", right=TWO),
    c.Recorded(of=CK),
    YES,
    c.PatientIs(field="sex", texts=("female",)),
    c.HasCondition(names=("ILD",), last=ONE),
    c.Started(drugs=DRUG, after=ONE, until=TWO, new_only=True),
    c.Taking(drugs=DRUG, day=ONE),
    c.NamedCriterion(key="k", version="", label="a part", of=YES),
    c.Not(of=YES),
    c.AllOf(of=(YES, c.Known(truth=None))),
    c.AnyOf(of=(YES, c.Known(truth=None))),
    c.AtLeast(count=1, of=(YES, c.Known(truth=False))),
    c.Categories(key="k", version="1", label="level", cases=(("high", YES),), otherwise="low"),
)
