# Friedman-type tests on published data, by R and its recommended or Debian packages only.
# Run: Rscript reference/rank_tests.R > tests/reference/data/rank_tests.json
suppressMessages({
  library(coin)
  library(mice)
  library(jsonlite)
})

rows <- function(k, ...) matrix(c(...), ncol = k, byrow = TRUE)
columns <- function(k, ...) matrix(c(...), ncol = k)

data <- list(
  rounding_first_base = list(
    origin = "Hollander and Wolfe 1973, p. 140 ff; R help page friedman.test",
    decimals = 2,
    x = rows(
      3,
      5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70, 5.45, 5.55, 5.60,
      5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70, 5.25, 5.20, 5.10, 5.65, 5.55, 5.45,
      5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40, 5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55,
      5.50, 5.45, 5.25, 5.65, 5.60, 5.40, 5.70, 5.65, 5.55, 6.30, 6.30, 6.25
    )
  ),
  sachs_diuretics = list(
    origin = "Sachs 1997, Angewandte Statistik, p. 675",
    decimals = 2,
    x = columns(
      6,
      3.88, 5.64, 5.76, 4.25, 5.91, 4.33, 30.58, 30.14, 16.92, 23.19, 26.74, 10.91,
      25.24, 33.52, 25.45, 18.85, 20.45, 26.67, 4.44, 7.94, 4.04, 4.40, 4.23, 4.36,
      29.41, 30.72, 32.92, 28.23, 23.35, 12.00, 38.87, 33.12, 39.15, 28.06, 38.23, 26.65
    )
  ),
  pulse = list(
    origin = "Sprent and Smeeton, Applied Nonparametric Statistical Methods, section 6.3.2",
    decimals = 0,
    x = columns(
      3,
      72, 96, 88, 92, 74, 76, 82, 120, 120, 132, 120, 101, 96, 112, 76, 95, 104, 96, 84, 72, 76
    )
  ),
  self_esteem = list(
    origin = "R package datarium, selfesteem",
    decimals = 6,
    x = columns(
      3,
      4.005027, 2.558124, 3.244241, 3.419538, 2.871243, 2.045868, 3.525992, 3.179425, 3.507964, 3.043798,
      5.182286, 6.912915, 4.443434, 4.711696, 3.908429, 5.340549, 5.580695, 4.370234, 4.399808, 4.489376,
      7.107831, 6.308434, 9.778410, 8.347124, 6.457287, 6.653224, 6.840157, 7.818623, 8.471229, 8.581100
    )
  ),
  store_sales = list(
    origin = "Conover 1999, p. 375; R help page quade.test",
    decimals = 0,
    x = rows(
      5,
      5, 4, 7, 10, 12, 1, 3, 1, 0, 2, 16, 12, 22, 22, 35, 5, 4, 3, 5, 4, 10, 9, 7, 13, 10, 19, 18, 28, 37, 58,
      10, 7, 6, 8, 7
    )
  ),
  warpbreaks = list(
    origin = "R help page friedman.test, warpbreaks aggregated by wool and tension",
    decimals = NULL,
    x = with(
      aggregate(breaks ~ wool + tension, data = warpbreaks, FUN = mean),
      xtabs(breaks ~ tension + wool)
    )
  ),
  wine = list(
    origin = "documentation example of Friedman's test in Python packages, 12 judges x 3 wines",
    decimals = 0,
    x = columns(
      3,
      10, 8, 7, 9, 7, 4, 5, 6, 5, 10, 4, 7, 7, 5, 8, 6, 5, 7, 9, 6, 4, 6, 7, 3, 8, 5, 6, 4, 7, 5, 3, 7, 6, 4, 4, 3
    )
  ),
  anxiety = list(
    origin = "R package irr, anxiety: 3 raters x 20 subjects",
    decimals = 0,
    x = rows(
      20,
      3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3,
      3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4,
      2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2
    )
  ),
  assessment_scores = list(
    origin = "seven patients x four visits of a childhood myositis assessment, with ties and a ceiling",
    decimals = 0,
    x = rows(
      4,
      29, 38, 42, 45, 44, 46, 52, 52, 41, 41, 46, 50, 20, 25, 35, 45, 43, 44, 52, 52, 41, 45, 48, 51, 44, 44, 46, 50
    )
  )
)

pairwise <- function(x) {
  n <- nrow(x)
  k <- ncol(x)
  ranks <- t(apply(x, 1, rank))
  sums <- colSums(ranks)
  spread <- n * sum(ranks^2) - sum(sums^2)
  pairs <- combn(k, 2)
  difference <- sums[pairs[2, ]] - sums[pairs[1, ]]
  z <- difference / n / sqrt(k * (k + 1) / (6 * n))
  t <- difference / sqrt(2 * spread / ((n - 1) * (k - 1)))
  list(
    first = I(pairs[1, ] - 1),
    second = I(pairs[2, ] - 1),
    rank_sum_difference = I(difference),
    dunn = I(2 * pnorm(-abs(z))),
    nemenyi = I(ptukey(abs(z) * sqrt(2), k, Inf, lower.tail = FALSE)),
    conover = I(2 * pt(-abs(t), (n - 1) * (k - 1)))
  )
}

analyse <- function(entry) {
  x <- unclass(entry$x)
  attr(x, "call") <- NULL
  dimnames(x) <- NULL
  n <- nrow(x)
  k <- ncol(x)
  # Decimals are turned into whole units, so that equal differences are equal in binary too.
  if (!is.null(entry$decimals)) x <- round(x * 10^entry$decimals)
  test <- friedman.test(x)
  f <- (n - 1) * unname(test$statistic) / (n * (k - 1) - unname(test$statistic))
  quade <- quade.test(x)
  long <- data.frame(
    y = as.vector(x), visit = factor(rep(seq_len(k), each = n), ordered = TRUE), patient = factor(rep(seq_len(n), k))
  )
  page <- friedman_test(y ~ visit | patient, data = long)
  list(
    origin = entry$origin,
    decimals = entry$decimals,
    x = if (is.null(entry$decimals)) x else x / 10^entry$decimals,
    rank_sums = colSums(t(apply(x, 1, rank))),
    friedman = list(statistic = unname(test$statistic), df = k - 1, p = test$p.value),
    iman_davenport = list(statistic = f, p = pf(f, k - 1, (k - 1) * (n - 1), lower.tail = FALSE)),
    quade = list(statistic = unname(quade$statistic), p = quade$p.value),
    page = list(z = unname(statistic(page, type = "standardized")[1]), p_two_sided = as.numeric(pvalue(page))),
    pairwise = pairwise(x)
  )
}

set.seed(20)
binary <- matrix(rbinom(15 * 4, 1, rep(c(0.2, 0.4, 0.6, 0.7), each = 15)), ncol = 4)
binary_long <- data.frame(
  y = factor(as.vector(binary)), visit = factor(rep(1:4, each = 15)), patient = factor(rep(1:15, 4))
)
marginal <- mh_test(y ~ visit | patient, data = binary_long)
two <- binary[, c(1, 3)]

# Backer's toenail trial: moderate or severe infection at weeks 0, 4, 12 and 24, complete patients of each arm.
toenail_arm <- function(arm) {
  wide <- reshape(
    subset(mice::toenail, visit %in% c(1, 2, 4, 5) & treatment == arm)[, c("ID", "visit", "outcome")],
    idvar = "ID", timevar = "visit", direction = "wide"
  )
  outcomes <- as.matrix(wide[complete.cases(wide), -1])
  test <- friedman.test(outcomes)
  counted <- table(apply(outcomes, 1, paste, collapse = ""))
  list(patterns = names(counted), patients = as.vector(counted), statistic = unname(test$statistic), p = test$p.value)
}

result <- list(
  produced_by = paste("R", getRversion(), "with coin", packageVersion("coin"), "and mice", packageVersion("mice")),
  data = lapply(data, analyse),
  toenail = list(itraconazole = toenail_arm(0), terbinafine = toenail_arm(1)),
  cochran = list(
    origin = "simulated: 15 patients x 4 visits",
    x = binary,
    statistic = as.numeric(statistic(marginal)),
    p = as.numeric(pvalue(marginal)),
    two_visits = list(
      mcnemar = unname(mcnemar.test(table(two[, 1], two[, 2]), correct = FALSE)$statistic),
      sign_test = binom.test(sum(two[, 1] > two[, 2]), sum(two[, 1] != two[, 2]))$p.value
    )
  )
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE, null = "null"), "\n")
