import Board
import Configuration
import Kernels
import Quantities
import Testing

/// One way to write a kind of kernel, for the tests that go through all kinds.
struct KernelVariant: CustomTestStringConvertible, Sendable {
  let kind: String
  /// What is written behind the streams.
  let options: String
  /// How many of the streams are written, where some may be left out.
  let optionalInputs: Int
  /// The time between two samples that suits the kind.
  let step: Int64
  /// What values are about, and how far they go from it.
  let level: Double
  let swing: Double

  var testDescription: String { options.isEmpty ? kind : "\(kind) \(options)" }

  init(
    _ kind: String, _ options: String = "", optionalInputs: Int = 9, step: Int64 = second,
    level: Double = 20, swing: Double = 5
  ) {
    self.kind = kind
    self.options = options
    self.optionalInputs = optionalInputs
    self.step = step
    self.level = level
    self.swing = swing
  }

  /// The kernel, named `k`, over columns whose units fit.
  func declaration(adding more: String = "") throws -> KernelDeclaration {
    let type = try #require(KernelCatalogue.kind(named: kind))
    var columns: [ChannelReference] = []
    var keys: [String] = []
    switch type.specification.inputs {
    case .each: (columns, keys) = ([column("s.c0")], ["of: s.c0"])
    case .group(let least):
      columns = (0...least).map { column("s.c\($0)") }
      keys = ["of: s.*"]
    case .named(let inputs):
      let written =
        inputs.filter(\.isRequired)
        + inputs.filter { !$0.isRequired }
        .prefix(optionalInputs)
      columns = written.map { column("s.\($0.name)", $0.unit ?? Unit(code: "")) }
      keys = written.map { "\($0.name): s.\($0.name)" }
    }
    if case .group = type.specification.inputs {
      keys = ["of: [\(columns.map(\.description).joined(separator: ", "))]"]
    }
    let parts = ["kind: \(kind)"] + keys + [options, more].filter { !$0.isEmpty }
    return try #require(
      try kernels("k: { \(parts.joined(separator: ", ")) }", over: columns).first)
  }

  /// What every kind needs at least, in the order of the names.
  static func least(_ kind: KernelSpecification) -> KernelVariant {
    if let special = together[kind.name] { return special }
    return KernelVariant(kind.name, examples(kind), step: slow[kind.name] ?? second)
  }

  /// The keys that must be written, with the examples of the specification.
  static func examples(_ kind: KernelSpecification) -> String {
    kind.options.filter { $0.absence == .required }.map { "\($0.name): \($0.kind.example)" }
      .joined(separator: ", ")
  }

  /// Kinds whose keys must fit each other, so that examples of single keys are not enough.
  static let together: [String: KernelVariant] = [
    "calibrate-linear": KernelVariant("calibrate-linear", "points: [0 -> 0.2, 100 -> 99.5]"),
    "calibrate-polynomial": KernelVariant(
      "calibrate-polynomial", "points: [0 -> 0.2, 50 -> 51, 100 -> 99.5], degree: 2"),
    "convert": KernelVariant("convert", "from: Pa, to: hPa"),
    "delta": KernelVariant("delta", "by: 0.5"),
    "power": KernelVariant(
      "power", "sample-rate: 1 kHz, nominal: 230 V", step: 1_000_000, level: 0, swing: 325),
    "qartod": KernelVariant("qartod", "gross-range: { fail: 10..30, suspect: 16..24 }"),
    "threshold": KernelVariant("threshold", "above: 21, release: 20"),
    "waveform": KernelVariant(
      "waveform", "sample-rate: 1 kHz, nominal: 230 V", step: 1_000_000, level: 0, swing: 325),
  ]

  /// Kinds that by default look at days.
  private static let slow: [String: Int64] = [
    "forecast": 900 * second, "seasonal": 900 * second,
  ]

  /// Other ways, which bring other outputs or go through other parts.
  static let more: [KernelVariant] = [
    KernelVariant(
      "statistics",
      "window: 10 s, compute: [count, missing, mean, min, max, range, variance, "
        + "deviation, rms, time-weighted-mean, integral, rate, direction, first, last, median, p1,"
        + " p5, p10, p25, p75, p90, p95, p99]"),
    KernelVariant(
      "statistics",
      "window: 1 min, slide: 10 s, compute: [mean, max, integral], between: step,"
        + " max-gap: 30 s"),
    KernelVariant("statistics", "window: 30 s, slide: 15 s, align: start"),
    KernelVariant(
      "session",
      "gap: 3 s, max-length: 1 min, compute: [count, missing, mean, min, max, range, "
        + "variance, deviation, rms, time-weighted-mean, integral, rate, direction, first, last]"),
    KernelVariant("exponential-mean", "time-constant: 1 min"),
    KernelVariant("clamp", "min: 18, max: 22, ignore-out-of-range: yes"),
    KernelVariant("delta", "percent: 5"),
    KernelVariant("heartbeat", "period: 3 s, optimistic: yes"),
    KernelVariant("timeout", "period: 2 s, value: -1"),
    KernelVariant("median", "window-size: 5, send-every: 1"),
    KernelVariant("min", "window-size: 4, send-every: 2, send-first-at: 2"),
    KernelVariant("max", "window-size: 4, send-every: 3, send-first-at: 1"),
    KernelVariant("quantile", "quantile: 0.5, window-size: 9, send-every: 1"),
    KernelVariant("throttle-average", "period: 5 s"),
    KernelVariant("calibrate-linear", "points: [0 -> 1, 10 -> 12, 30 -> 31], method: exact"),
    KernelVariant(
      "calibrate-polynomial", "points: [0 -> 1, 10 -> 12, 30 -> 31], degree: 1, unit: V"),
    KernelVariant("convert", "from: Cel, to: K"),
    KernelVariant("combine", "as: difference, unit: W"),
    KernelVariant("combine", "as: product, within: 0 s"),
    KernelVariant("combine", "as: mean, unit: Cel"),
    KernelVariant("combine", "as: max"),
    KernelVariant("filter-out", "values: [20, 21], tolerance: 0.5"),
    KernelVariant("threshold", "below: 19, release: 20, for: 2 s, release-for: 3 s"),
    KernelVariant("consistency", "within: 0 s"),
    KernelVariant("consistency", "rule: zero-together, tolerance: 18, flag: fail"),
    KernelVariant(
      "qartod",
      "interval: 1 s, gross-range: { fail: 10..30 }, spike: { suspect: 3, fail: 8 },"
        + " rate-of-change: { suspect: 2, fail: 5 }, flat-line: { suspect-after: 3 s, tolerance: 1"
        + " }, attenuated-signal: { suspect: 2, fail: 1, period: 1 min }, sentinels: [20], timing:"
        + " { max-gap: 10 s }, climatology: { all: { period: month, from: 1, through: 12, suspect:"
        + " 16..24, fail: 12..28 } }"),
    KernelVariant("qartod", "preset: wmo-air-temperature, interval: 1 s"),
    KernelVariant(
      "qartod",
      "interval: 1 s, attenuated-signal: { suspect: 6, fail: 1, period: 20 s, "
        + "min-period: 5 s, measure: range }, spike: { suspect: 2, method: differential }"),
    KernelVariant("anomaly", "threshold: 0.1, hold-off: 10, memory: 100"),
    KernelVariant("cusum", "target: 20, deviation: 2"),
    KernelVariant("cusum", "interval: 1, learning: 5"),
    KernelVariant("hampel", "window: 5, threshold: 0.5"),
    KernelVariant("multivariate", "threshold: 0.2, hold-off: 10, memory: 100"),
    KernelVariant("seasonal", "period: 1 min, bins: 6"),
    KernelVariant("forecast", "slot: 2 s, season: 20 s, ahead: 10 s"),
    KernelVariant("oscillation", "ratio: 1.5"),
    KernelVariant("oscillation", "method: band, level: 0.5, from: 0.05, to: 0.4"),
    KernelVariant(
      "voltage-events", "nominal: 230 V, sliding-reference: 10 s", level: 230, swing: 60),
    KernelVariant("voltage-events", "nominal: 230 V, interruption: 0.8", level: 200, swing: 60),
    KernelVariant(
      "frequency", "deviation: 0.1, for: 2 s, slope-window: 3 s, stuck-after: 5 s",
      level: 50, swing: 0.3),
    KernelVariant("frequency", "nominal-voltage: 50 V", optionalInputs: 0, level: 50, swing: 3),
    KernelVariant("unbalance", "between: phases", level: 230, swing: 8),
    KernelVariant("unbalance", "within: 0 s", level: 230, swing: 8),
    KernelVariant("energy", "max-gap: 5 s", level: 0, swing: 900),
    KernelVariant(
      "waveform", "sample-rate: 1 kHz, exact-rate: no, nominal: 230 V, half-cycles: yes",
      step: 1_000_000, level: 0, swing: 325),
    KernelVariant(
      "waveform",
      "sample-rate: 860 Hz, nominal: 230 V, harmonics: 0, frequency: 60,"
        + " interruption: 0.3", step: 1_162_790, level: 0, swing: 325),
    KernelVariant(
      "power", "sample-rate: 1 kHz, exact-rate: no, nominal: 230 V, current-delay: 500 us",
      step: 1_000_000, level: 0, swing: 325),
    KernelVariant("air-quality", step: 900 * second, level: 30, swing: 40),
    KernelVariant(
      "air-quality", "input: hourly, pollutant: pm10", step: 3600 * second, level: 30, swing: 40),
    KernelVariant("dew-point", "over: ice, within: 0 s", level: 5, swing: 20),
    KernelVariant("wet-bulb", optionalInputs: 0),
    KernelVariant("sea-level-pressure", "altitude: 900 m", optionalInputs: 0),
    KernelVariant("rain-rate", "per-tip: 0.1, dry-after: 1 min", step: 5 * second),
    KernelVariant("wind", "average: 1 min, give-every: 10 s, gust-samples: 3", swing: 300),
    KernelVariant("wind", "gust-samples: 1, average: 10 s, give-every: 1 s", optionalInputs: 0),
    KernelVariant("wind-chill", level: 2, swing: 9),
  ]

  /// Every kind in at least one way.
  static let all: [KernelVariant] = KernelCatalogue.all.map { least($0.specification) } + more
}
