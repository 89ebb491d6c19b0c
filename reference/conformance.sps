* Values of GNU PSPP 1.6.2 for the conformance page.
* Run: pspp -O format=csv -o tests/reference/data/conformance_pspp.csv reference/conformance.sps

* Skin potential of eight subjects under four emotions (Lehmann 1975, p. 264).
DATA LIST LIST NOTABLE / fear joy sadness calmness.
BEGIN DATA
23.1 22.7 22.5 22.6
57.6 53.2 53.7 53.1
10.5 9.7 10.8 8.3
23.6 19.6 21.1 21.6
11.9 13.8 13.7 13.3
54.6 47.1 39.2 37.0
21.0 13.6 13.7 14.8
20.3 23.6 16.3 14.8
END DATA.
EXAMINE /VARIABLES=fear /PERCENTILES(25,50,75)=HAVERAGE /STATISTICS=NONE /PLOT=NONE.
EXAMINE /VARIABLES=fear /PERCENTILES(25,50,75)=AEMPIRICAL /STATISTICS=NONE /PLOT=NONE.
NPAR TESTS /FRIEDMAN=fear joy sadness calmness.
NPAR TESTS /KENDALL=fear joy sadness calmness.
NPAR TESTS /WILCOXON=fear WITH joy (PAIRED).
NPAR TESTS /SIGN=fear WITH joy (PAIRED).

* Changes with ties and zeros.
DATA LIST LIST NOTABLE / before after.
BEGIN DATA
0 0
0 0
0 1
0 1
0 -2
0 4
0 3
0 2
0 -1
0 5
END DATA.
NPAR TESTS /WILCOXON=before WITH after (PAIRED).

* Responses to three drugs (Agresti 1990).
DATA LIST LIST NOTABLE / a b c count.
BEGIN DATA
1 1 1 6
1 1 0 16
1 0 1 2
1 0 0 4
0 1 1 2
0 1 0 4
0 0 1 6
0 0 0 6
END DATA.
WEIGHT BY count.
NPAR TESTS /COCHRAN=a b c.
NPAR TESTS /MCNEMAR=b WITH c (PAIRED).

* The same responses, one row a patient: PSPP 1.6.2 gives a wrong (negative) Q for weighted rows.
DATA LIST LIST NOTABLE / a b c.
BEGIN DATA
1 1 1
1 1 1
1 1 1
1 1 1
1 1 1
1 1 1
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 1 0
1 0 1
1 0 1
1 0 0
1 0 0
1 0 0
1 0 0
0 1 1
0 1 1
0 1 0
0 1 0
0 1 0
0 1 0
0 0 1
0 0 1
0 0 1
0 0 1
0 0 1
0 0 1
0 0 0
0 0 0
0 0 0
0 0 0
0 0 0
0 0 0
END DATA.
NPAR TESTS /COCHRAN=a b c.

* Eight values in each of two groups.
DATA LIST LIST NOTABLE / value group.
BEGIN DATA
23.1 1
57.6 1
10.5 1
23.6 1
11.9 1
54.6 1
21.0 1
20.3 1
22.7 2
53.2 2
9.7 2
19.6 2
13.8 2
47.1 2
13.6 2
23.6 2
END DATA.
NPAR TESTS /MANN-WHITNEY=value BY group(1,2).

* Streptomycin (MRC 1948): considerable improvement.
DATA LIST LIST NOTABLE / treated improved count.
BEGIN DATA
1 1 28
1 0 27
0 1 4
0 0 48
END DATA.
WEIGHT BY count.
CROSSTABS /TABLES=treated BY improved /STATISTICS=CHISQ.
