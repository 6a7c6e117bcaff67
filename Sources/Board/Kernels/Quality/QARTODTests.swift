import Configuration
import Drivers
import Kernels
import Quantities

/// The tests that the options of a board file ask for.
struct QARTODTests {
  /// The tests together.
  let control: QualityControl
  /// Which tests are made, in the order of their outputs.
  let tests: [QualityTest]

  /// The names of all tests' outputs.
  static let names: [(name: String, help: String)] = QualityTest.allCases
    .filter { $0 != .consistency }.map { (name(of: $0), "flag of the test \(name(of: $0))") }

  /// The name of a test's output and key.
  static func name(of test: QualityTest) -> String {
    switch test {
    case .timing: "timing"
    case .sentinel: "sentinels"
    case .grossRange: "gross-range"
    case .climatology: "climatology"
    case .spike: "spike"
    case .rateOfChange: "rate-of-change"
    case .flatLine: "flat-line"
    case .attenuatedSignal: "attenuated-signal"
    case .consistency: "consistency"
    }
  }

  /// The tests of a stream as the options say.
  init(_ options: OptionValues, of input: ChannelReference) throws(OptionConflict) {
    let preset = try Self.preset(options, of: input)
    let interval = options.nanoseconds("interval")
    let grossRange = try Self.grossRange(options) ?? preset.flatMap { GrossRange(fail: $0.range) }
    let rateOfChange =
      try Self.rateOfChange(options)
      ?? preset?.step.flatMap { RateOfChange(suspect: $0.change / (Double($0.time) / 1e9)) }
    let flatLine =
      try Self.flatLine(options, interval)
      ?? preset?.persistence.flatMap { persistence in
        interval.flatMap {
          FlatLine(
            suspectAfter: persistence.suspectAfter, failAfter: persistence.failAfter,
            tolerance: persistence.tolerance, interval: $0)
        }
      }
    let spike = try Self.spike(options)
    let attenuated = try Self.attenuatedSignal(options, interval)
    let climatology = try Self.climatology(options)
    let sentinels = try Self.sentinels(options)
    let timing = try Self.timing(options, interval)
    let made: [(QualityTest, Bool)] = [
      (.timing, timing != nil), (.sentinel, sentinels != nil), (.grossRange, grossRange != nil),
      (.climatology, climatology != nil), (.spike, spike != nil),
      (.rateOfChange, rateOfChange != nil), (.flatLine, flatLine != nil),
      (.attenuatedSignal, attenuated != nil),
    ]
    tests = made.filter(\.1).map(\.0)
    guard !tests.isEmpty else {
      throw OptionConflict(
        option: "gross-range", "no test is asked for",
        remedy: "write 'preset', or a test, for example 'gross-range: { fail: -40..85 }'")
    }
    control = QualityControl(
      timing: timing, sentinels: sentinels, grossRange: grossRange, climatology: climatology,
      spike: spike, rateOfChange: rateOfChange, flatLine: flatLine, attenuatedSignal: attenuated)
  }

  private static func grossRange(_ options: OptionValues) throws(OptionConflict) -> GrossRange? {
    guard let section = options.section("gross-range"), let fail = section.doubles("fail") else {
      return nil
    }
    let suspect = section.doubles("suspect")
    let test = GrossRange(
      fail: fail.lower...fail.upper, suspect: suspect.map { $0.lower...$0.upper })
    guard let test else {
      throw OptionConflict(
        option: "gross-range", "'suspect' reaches beyond 'fail'", remedy: "write a span inside it")
    }
    return test
  }

  private static func spike(_ options: OptionValues) throws(OptionConflict) -> SpikeTest? {
    guard let section = options.section("spike") else { return nil }
    let test = SpikeTest(
      suspect: section.double("suspect"), fail: section.double("fail"),
      method: section.text("method") == "differential" ? .differential : .average)
    guard let test else {
      let isReversed = isAbove(section.double("suspect"), section.double("fail"))
      throw OptionConflict(
        option: "spike",
        isReversed
          ? "'spike' has a 'fail' below its 'suspect'"
          : "'spike' needs a 'suspect' or a 'fail' above zero",
        remedy: isReversed
          ? "write the larger distance as 'fail'"
          : "write for example 'spike: { suspect: 1, fail: 2 }'")
    }
    return test
  }

  private static func rateOfChange(
    _ options: OptionValues
  ) throws(OptionConflict) -> RateOfChange? {
    guard let section = options.section("rate-of-change"), let suspect = section.double("suspect")
    else { return nil }
    guard let test = RateOfChange(suspect: suspect, fail: section.double("fail")) else {
      let isReversed = isAbove(suspect, section.double("fail"))
      throw OptionConflict(
        option: "rate-of-change",
        isReversed
          ? "'rate-of-change' has a 'fail' below its 'suspect'"
          : "'rate-of-change' has a change below zero",
        remedy: isReversed
          ? "write the larger change as 'fail'"
          : "write its size, as falling values are tested as well"
      )
    }
    return test
  }

  private static func flatLine(
    _ options: OptionValues, _ interval: Int64?
  ) throws(OptionConflict) -> FlatLine? {
    guard let section = options.section("flat-line"),
      let suspectAfter = section.nanoseconds("suspect-after"),
      let tolerance = section.double("tolerance")
    else { return nil }
    let interval = try needed(interval, by: "flat-line")
    if let failAfter = section.nanoseconds("fail-after"), failAfter < suspectAfter {
      throw OptionConflict(
        option: "flat-line", "'flat-line' has a 'fail-after' shorter than its 'suspect-after'",
        remedy: "write the longer time as 'fail-after'")
    }
    let test = FlatLine(
      suspectAfter: suspectAfter, failAfter: section.nanoseconds("fail-after"),
      tolerance: tolerance, interval: interval)
    guard let test else {
      throw OptionConflict(
        option: "flat-line",
        "'flat-line' has times that no whole number of 'interval' fits, or"
          + " a tolerance that is not above zero",
        remedy: "write 'suspect-after' and 'fail-after' of several intervals")
    }
    return test
  }

  private static func attenuatedSignal(
    _ options: OptionValues, _ interval: Int64?
  ) throws(OptionConflict) -> AttenuatedSignal? {
    guard let section = options.section("attenuated-signal"),
      let suspect = section.double("suspect"), let fail = section.double("fail"),
      let period = section.nanoseconds("period")
    else { return nil }
    let interval = try needed(interval, by: "attenuated-signal")
    guard fail <= suspect else {
      throw OptionConflict(
        option: "attenuated-signal", "'attenuated-signal' has a 'fail' above its 'suspect'",
        remedy: "write the smaller spread as 'fail'")
    }
    let measure: AttenuatedSignal.Measure =
      section.text("measure") == "range" ? .range : .standardDeviation
    let capacity = Int(clamping: period / max(1, interval)) + 2
    let test: AttenuatedSignal? =
      if let least = section.nanoseconds("min-period") {
        AttenuatedSignal(
          suspect: suspect, fail: fail, period: period, capacity: capacity, minimumPeriod: least,
          interval: interval, measure: measure)
      } else {
        AttenuatedSignal(
          suspect: suspect, fail: fail, period: period,
          capacity: capacity,
          minimumObservations: section.integer("min-observations") ?? 10, measure: measure)
      }
    guard let test else {
      throw OptionConflict(
        option: "attenuated-signal",
        "'attenuated-signal' has a period that is shorter than 'interval' or 'min-period', or holds"
          + " too many samples", remedy: "write a period of many intervals")
    }
    return test
  }

  private static func climatology(_ options: OptionValues) throws(OptionConflict) -> Climatology? {
    var seasons: [Climatology.Season] = []
    for row in options.sections("climatology") {
      guard
        let period = row.values.text("period").flatMap({ word in
          Climatology.Period.allCases.first { self.word($0) == word }
        }), let from = row.values.integer("from"), let through = row.values.integer("through"),
        let suspect = row.values.doubles("suspect")
      else { continue }
      let fail = row.values.doubles("fail")
      for (key, part) in [("from", from), ("through", through)]
      where !period.range.contains(Int64(part)) {
        let (least, most) = (period.range.lowerBound, period.range.upperBound)
        throw OptionConflict(
          option: "climatology",
          "the season '\(row.name)' has '\(key): \(part)', which is no \(word(period))",
          remedy: "write a number from \(least) to \(most)")
      }
      if let fail, fail.lower > suspect.lower || suspect.upper > fail.upper {
        throw OptionConflict(
          option: "climatology",
          "the season '\(row.name)' has a 'suspect' that reaches beyond its 'fail'",
          remedy: "write a span inside it")
      }
      seasons.append(
        Climatology.Season(
          period, from: Int64(from), through: Int64(through),
          suspect: suspect.lower...suspect.upper, fail: fail.map { $0.lower...$0.upper }))
    }
    guard !seasons.isEmpty else { return nil }
    guard let test = Climatology(seasons) else {
      throw OptionConflict(
        option: "climatology", "'climatology' has more than 1000 seasons", remedy: "write fewer")
    }
    return test
  }

  private static func sentinels(_ options: OptionValues) throws(OptionConflict) -> SentinelValues? {
    guard options.isWritten("sentinels") else { return nil }
    guard let test = SentinelValues(options.doubles(ofList: "sentinels"), flag: .fail) else {
      throw OptionConflict(
        option: "sentinels", "'sentinels' has no number, or more than 64",
        remedy: "write for example [-7999, 85]")
    }
    return test
  }

  private static func timing(
    _ options: OptionValues, _ interval: Int64?
  ) throws(OptionConflict) -> TimingTest? {
    guard let section = options.section("timing") else { return nil }
    let interval = try needed(interval, by: "timing")
    let test = TimingTest(
      interval: interval, tolerance: section.nanoseconds("tolerance"),
      maximumGap: section.nanoseconds("max-gap"))
    guard let test else {
      throw OptionConflict(
        option: "timing", "'tolerance' or 'max-gap' does not suit 'interval'",
        remedy: "write a tolerance below the interval and a gap above it")
    }
    return test
  }

  private static func isAbove(_ suspect: Double?, _ fail: Double?) -> Bool {
    guard let suspect, let fail, suspect >= 0, fail >= 0 else { return false }
    return suspect > fail
  }

  private static func needed(
    _ interval: Int64?, by test: String
  ) throws(OptionConflict) -> Int64 {
    guard let interval else {
      throw OptionConflict(
        option: "interval", "'\(test)' needs 'interval'",
        remedy: "write the time between two samples, for example 'interval: 10 s'")
    }
    return interval
  }

  /// A period as the board file writes it.
  static func word(_ period: Climatology.Period) -> String {
    switch period {
    case .dayOfYear: "day-of-year"
    case .dayOfWeek: "day-of-week"
    default: period.rawValue
    }
  }
}
