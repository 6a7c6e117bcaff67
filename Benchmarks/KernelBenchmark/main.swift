import CAllocations

// KernelBenchmark ROUNDS WORD SERIES.csv ...
//
// Times one step of every kernel on each series and prints a line of JSON for each. Kernels of
// sampled mains make their waveform themselves. WORD picks the kernels whose names contain it; an
// empty one picks all.

let arguments = CommandLine.arguments
guard arguments.count >= 4, let rounds = Int(arguments[1]), rounds >= 1 else {
  fail("KernelBenchmark ROUNDS WORD SERIES.csv ...")
}
let before = allocations()
let block = [Double](repeating: 1, count: rounds * 1000)
guard allocations() > before, block.count > 0 else { fail("allocations are not counted here") }
let bench = Bench(
  series: arguments.dropFirst(3).map { Series($0) }, word: arguments[2], rounds: rounds)
timeAnomaly(bench)
timeWindows(bench)
timeQuality(bench)
timeFilters(bench)
timeEnvironment(bench)
timeForecast(bench)
timeGrid(bench)
