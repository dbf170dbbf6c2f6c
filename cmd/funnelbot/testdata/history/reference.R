# What R's survival package makes of the moves beside this file, straight from them:
#
#   Rscript reference.R
#
# writes stages.csv: for every time, window and stage the exits, the shares of the ways out at the last age with
# five at risk, in 17 significant digits, and the quantiles. It knows nothing of the program: stays, windows and
# days at risk are made here from the definitions (R 4.2, survival 3.5).
suppressPackageStartupMessages(library(survival))

folder <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
order_of <- c("lead", "qualification", "proposal", "negotiation")
stage_of <- c("First talk" = "lead", "Brief" = "qualification", "Offer sent" = "proposal", "Contract talks" = "negotiation")
times <- c("2025-09-30T23:59:59.999999Z", "2026-03-31T00:00:00Z", "2026-06-30T12:00:00Z")
windows <- c(30, 90, 365)

moves <- read.csv(file.path(folder, "moves.csv"))
moves$at <- as.numeric(as.POSIXct(moves$at, format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"))
moves <- moves[order(moves$case, moves$no), ]

# One row a stay: it begins with a move to a stage and ends with the next of the same deal.
begins <- moves[moves$stage %in% names(stage_of), ]
following <- moves[match(paste(begins$case, begins$no + 1), paste(moves$case, moves$no)), ]
stays <- data.frame(stage = stage_of[begins$stage], entered = begins$at, left = following$at, stringsAsFactors = FALSE)
to <- unname(stage_of[following$stage])
stays$way <- ifelse(is.na(following$stage), "",
  ifelse(following$stage == "No deal", "lost",
  ifelse(following$stage == "Signed", "advance launch",
  ifelse(match(to, order_of) > match(stays$stage, order_of), paste("advance", to), paste("back", to)))))

digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
first <- function(age, reached) if (any(reached)) age[which(reached)[1]] else NA
# R's S is a product of many fractions: what is a half by arithmetic may be a bit more by rounding.
rounding <- 1e-9

rows <- list()
for (time in times) {
  # Of the last millionth of a second floating point keeps enough to tell it from midnight.
  at <- as.numeric(as.POSIXct(substr(time, 1, 19), format = "%Y-%m-%dT%H:%M:%S", tz = "UTC")) +
    as.numeric(sub("^$", "0", sub("Z$", "", substr(time, 20, 30))))
  for (window in windows) for (stage in order_of) {
    d <- stays[stays$stage == stage & stays$entered <= at, ]
    gone <- !is.na(d$left) & d$left <= at
    d$way[!gone] <- ""
    d$exit_age <- pmax(1, ceiling((ifelse(gone, d$left, at) - d$entered) / 86400))
    d$entry <- floor(pmax(0, (at - d$entered) / 86400 - window))
    d <- d[!gone | (at - d$left) / 86400 < window, ]
    ways <- sort(unique(d$way[d$way != ""]))
    if (length(ways) == 0) next
    stopifnot(d$entry < d$exit_age)
    d$state <- factor(d$way, levels = c("", ways))
    d$row <- seq_len(nrow(d))
    fit <- survfit(Surv(entry, exit_age, state) ~ 1, data = d, id = row)
    here <- which(fit$states == "(s0)")
    at_risk <- fit$n.risk[, here]
    last <- if (any(at_risk >= 5)) max(which(at_risk >= 5)) else length(fit$time)
    share <- fit$pstate[, match(ways, fit$states), drop = FALSE]
    stay <- fit$pstate[, here]
    total <- function(kind) rowSums(share[, startsWith(ways, kind), drop = FALSE])
    advance <- total("advance")
    rows[[length(rows) + 1]] <- data.frame(at = time, window = window, stage = stage, exits = sum(d$way != ""),
      advance = digits(advance[last]), lost = digits(total("lost")[last]), back = digits(total("back")[last]),
      undecided = digits(stay[last]),
      p50 = digits(first(fit$time, stay <= 0.5 + rounding)), p90 = digits(first(fit$time, stay <= 0.1 + rounding)),
      advance_p50 = digits(first(fit$time, advance[last] > 0 & advance >= 0.5 * advance[last] - rounding)),
      advance_p90 = digits(first(fit$time, advance[last] > 0 & advance >= 0.9 * advance[last] - rounding)))
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "stages.csv"), row.names = FALSE, quote = FALSE)
