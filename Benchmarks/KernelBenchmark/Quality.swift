import Kernels

private let minute: Int64 = 60_000_000_000

func timeQuality(_ bench: Bench) {
  bench.time("gross range", GrossRange(fail: -40...50, suspect: -30...40)) {
    number($0.accept($1.sample))
  }
  bench.time("climatology, 4 seasons", seasons()) { number($0.accept($1.sample)) }
  bench.time("spike test", SpikeTest(suspect: 2, fail: 4)) { number($0.accept($1.sample)) }
  bench.time("rate of change", RateOfChange(suspect: 0.05)) { number($0.accept($1.sample)) }
  bench.time("flat line, 60 and 120 samples", flatLine()) { number($0.accept($1.sample)) }
  bench.time("attenuated signal, 60 samples", attenuated()) { number($0.accept($1.sample)) }
  bench.time("timing test", TimingTest(interval: minute)) { number($0.accept($1.sample)) }
  bench.time("sentinel values, 3", SentinelValues([-9999, -7999, 85])) {
    number($0.accept($1.sample))
  }
  bench.time("consistency of two channels", Consistency(.notAbove(tolerance: 0))) {
    number($0.flag(first: $1.sample.value, second: $1.humidity))
  }
  bench.time(
    "preset of the WMO, 4 tests", QualityPreset.wmoAirTemperature.control(interval: minute)
  ) { number($0.accept($1.sample)?.aggregate) }
  bench.time("all 8 quality tests", all()) { number($0.accept($1.sample)?.aggregate) }
}

private func number(_ flag: QualityFlag?) -> Double { flag == .good ? 1 : 0 }

private func seasons() -> Climatology? {
  Climatology(
    (0..<4).map {
      .init(.month, from: 3 * $0 + 1, through: 3 * $0 + 3, suspect: -30...40, fail: -40...50)
    })
}

private func flatLine() -> FlatLine? {
  FlatLine(
    suspectAfter: 60 * minute, failAfter: 120 * minute, tolerance: 0.1, interval: minute)
}

private func attenuated() -> AttenuatedSignal? {
  AttenuatedSignal(suspect: 0.1, fail: 0.05, period: 60 * minute, capacity: 64)
}

private func all() -> QualityControl? {
  QualityControl(
    timing: TimingTest(interval: minute), sentinels: SentinelValues([-9999, -7999, 85]),
    grossRange: GrossRange(fail: -40...50, suspect: -30...40), climatology: seasons(),
    spike: SpikeTest(suspect: 2, fail: 4), rateOfChange: RateOfChange(suspect: 0.05),
    flatLine: flatLine(), attenuatedSignal: attenuated())
}
