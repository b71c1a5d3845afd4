# The time that dvir takes for who is who in an event of the schema wayhome-dvi/1.
# Prints: the event's code, the natural log likelihood of the best way, seconds.
suppressPackageStartupMessages({
  library(jsonlite)
  library(pedtools)
  library(dvir)
})

event <- fromJSON(commandArgs(trailingOnly = TRUE)[1], simplifyVector = FALSE)

pedigree <- function(persons) {
  parent <- function(p, key) if (is.null(p[[key]])) "0" else p[[key]]
  ped(
    id = vapply(persons, function(p) p$id, ""),
    fid = vapply(persons, parent, "", key = "father"),
    mid = vapply(persons, parent, "", key = "mother"),
    sex = vapply(persons, function(p) if (p$sex == "M") 1L else 2L, 1L)
  )
}

model <- function(m, key) {
  each <- lapply(m$mutation, function(one) if (is.null(one[[key]])) 0 else one[[key]])
  list(female = each$female, male = each$male)
}

with_markers <- function(x) {
  for (m in event$markers) {
    freqs <- setNames(unlist(m$freqs), unlist(m$alleles))
    x <- addMarker(x, name = m$name, alleles = names(freqs), afreq = freqs)
    if (!is.null(m$mutation))
      x <- setMutmod(x, markers = m$name, model = m$mutation$female$model,
                     rate = model(m, "rate"), rate2 = model(m, "rate2"),
                     range = model(m, "range"))
  }
  x
}

typed <- function(x, profiles) {
  for (id in intersect(names(profiles), unlist(labels(x))))
    for (name in names(profiles[[id]]))
      x <- setGenotype(x, marker = name, id = id,
                       geno = paste(unlist(profiles[[id]][[name]]), collapse = "/"))
  x
}

pm <- lapply(event$victims, function(v) typed(
  with_markers(singleton(v$id, sex = if (v$sex == "M") 1L else 2L)), event$genotypes$pm))
am <- lapply(event$families, function(f) typed(
  with_markers(pedigree(f$persons)), event$genotypes$am))
dvi <- dviData(pm = pm, am = am, missing = unlist(event$missing))

begun <- proc.time()[["elapsed"]]
found <- dviJoint(dvi, maxAssign = 1e6, verbose = FALSE)
spent <- proc.time()[["elapsed"]] - begun
cat(event$id, format(max(found$loglik), digits = 15), spent, "\n")
