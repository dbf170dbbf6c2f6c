# Reference values of the estimates, made with the survival package of R:
#
#   Rscript reference.R
#
# reads every table of stays beside it (groups.sql made them) and writes for each window
#
#   curves.csv  every age at which a stay ended, and the last at which one was seen: how many were at risk,
#               S after it, and for each way out how many took it at that age and F after it
#   stages.csv  what is read from the curve: tau, the shares there, and the quantiles
#
# in 17 significant digits, which is every bit of a number. A way out is the exit and its destination.
suppressPackageStartupMessages(library(survival))

folder <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
windows <- c(30, 90, 365, 3650)
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

# Surv() wants every stay to have a day at risk; entry ages are whole days below the exit age, so it has.
estimate <- function(d, from) {
  d <- d[!is.na(d[[from]]), ]
  ways <- sort(unique(d$way[d$exit != ""]))
  if (length(ways) == 0) return(NULL)
  d$state <- factor(d$way, levels = c("", ways))
  d$entry <- d[[from]]
  stopifnot(d$entry < d$exit_age)
  # Each stay on a row of its own: with weights this version counts rows at risk, not stays.
  d <- d[rep(seq_len(nrow(d)), d$n), ]
  d$row <- seq_len(nrow(d))
  fit <- survfit(Surv(entry, exit_age, state) ~ 1, data = d, id = row)
  here <- which(fit$states == "(s0)")
  list(ways = ways, age = fit$time, at_risk = fit$n.risk[, here], stay = fit$pstate[, here],
       events = fit$n.event[, match(ways, fit$states), drop = FALSE],
       share = fit$pstate[, match(ways, fit$states), drop = FALSE])
}

# The last age with at least five at risk, or the last age at all.
tau <- function(e) {
  enough <- which(e$at_risk >= 5)
  if (length(enough) > 0) max(enough) else length(e$age)
}

# R's S is a product of many fractions: what is a half by arithmetic may be a bit more by rounding.
first <- function(age, reached) if (any(reached)) age[which(reached)[1]] else NA
rounding <- 1e-9

curves <- list()
stages <- list()
for (file in sort(list.files(folder, pattern = "_[0-9-]+[.]csv$"))) {
  table <- read.csv(file.path(folder, file), colClasses = c(stage = "character", exit = "character", destination = "character"))
  table$way <- ifelse(table$exit == "", "", paste(table$exit, table$destination, sep = ":"))
  for (window in windows) for (stage in sort(unique(table$stage))) {
    e <- estimate(table[table$stage == stage, ], paste0("from_", window))
    if (is.null(e)) next
    name <- data.frame(table = sub("[.]csv$", "", file), window = window, stage = stage)
    kept <- rowSums(e$events) > 0 | seq_along(e$age) == length(e$age)
    for (k in seq_along(e$ways)) {
      curves[[length(curves) + 1]] <- cbind(name, way = e$ways[k], age = e$age[kept], at_risk = e$at_risk[kept],
        events = e$events[kept, k], stay = digits(e$stay[kept]), share = digits(e$share[kept, k]))
    }
    last <- tau(e)
    total <- function(kind) rowSums(e$share[, startsWith(e$ways, paste0(kind, ":")), drop = FALSE])
    advance <- total("advance")
    stages[[length(stages) + 1]] <- cbind(name, exits = sum(e$events), tau = e$age[last],
      advance = digits(advance[last]), lost = digits(total("lost")[last]), back = digits(total("back")[last]),
      undecided = digits(e$stay[last]),
      p50 = digits(first(e$age, e$stay <= 0.5 + rounding)), p90 = digits(first(e$age, e$stay <= 0.1 + rounding)),
      advance_p50 = digits(first(e$age, advance[last] > 0 & advance >= 0.5 * advance[last] - rounding)),
      advance_p90 = digits(first(e$age, advance[last] > 0 & advance >= 0.9 * advance[last] - rounding)))
  }
}
write.csv(do.call(rbind, curves), file.path(folder, "curves.csv"), row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, stages), file.path(folder, "stages.csv"), row.names = FALSE, quote = FALSE)
