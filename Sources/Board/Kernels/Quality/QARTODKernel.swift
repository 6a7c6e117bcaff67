public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Quality flags of a stream by the tests of QARTOD.
public struct QARTODKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "qartod", family: .quality, revision: 2,
      summary:
        "quality flags 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing, by the tests of"
        + " QARTOD",
      options: QARTODTests.options,
      outputs: [("flag", "the flag that prevails: 9 < 2 < 1 < 3 < 4")]
        + QARTODTests.names.map { ($0.name, $0.help) },
      notes: """
        As ioos_qc 3.0.0 flags, but: the rate of change divides by true seconds and not by whole ones, \
        and is not evaluated for equal stamps; the flat line takes the interval from 'interval' and \
        not from the median of the whole series, and needs a tolerance above zero and two values; the \
        attenuated signal leaves missing values out of its range and needs ten observations where nothing else is written; a missing \
        value stays 9 in the climatology. A spike is known when the next value has come, so with that \
        test all flags come one sample late; they carry their own sample's time. A sentinel value is \
        missing to the other tests. Source: QARTOD manuals of the US Integrated Ocean Observing System.
        """)
  }

  /// The prevailing flag, and those of the tests that are made.
  public let outputs: [KernelChannel]
  private let input: ChannelReference
  private let tests: [QualityTest]
  private var control: QualityControl
  private var isRaised = false

  /// The tests of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    self.input = input
    let made = try QARTODTests(options, of: input)
    control = made.control
    tests = made.tests
    outputs =
      [KernelChannel("flag", .none)]
      + made.tests.map { KernelChannel(QARTODTests.name(of: $0), .none, isState: true) }
  }

  /// Takes a sample; one that is not finite is missing.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    if let verdict = control.accept(sample) {
      give(verdict, lag: control.isDelayed ? 1 : 0, into: &outputs)
    }
  }

  /// Gives the flags of the last sample.
  public mutating func finish(into outputs: inout KernelOutputs) {
    if let verdict = control.finish() { give(verdict, lag: 0, into: &outputs) }
  }

  private mutating func give(
    _ verdict: QualityControl.Verdict, lag: Int, into outputs: inout KernelOutputs
  ) {
    let time = verdict.sample.nanoseconds
    outputs.give(0, Double(verdict.aggregate.rawValue), at: time, lag: lag)
    for (index, test) in tests.enumerated() {
      if let flag = verdict.flags[test] {
        outputs.give(index + 1, Double(flag.rawValue), at: time, lag: lag)
      }
    }
    let isBad = verdict.aggregate == .suspect || verdict.aggregate == .fail
    guard isBad != isRaised, isBad || verdict.aggregate == .good else { return }
    isRaised = isBad
    // An infinity fails, and a stamp may fail without a value.
    let value = verdict.sample.value.isFinite ? verdict.sample.value : 0
    outputs.tell(
      KernelEvent(
        subject: input, isAlarm: isBad,
        reason: isBad ? reason(verdict.flags) : "flag is good again", value: value,
        nanoseconds: time, isOfQuality: true))
  }

  private func reason(_ flags: QualityFlags) -> String {
    let failed = tests.filter { flags[$0] == .fail }.map(QARTODTests.name)
    let suspect = tests.filter { flags[$0] == .suspect }.map(QARTODTests.name)
    var words: [String] = []
    if !failed.isEmpty { words.append("fails " + failed.joined(separator: ", ")) }
    if !suspect.isEmpty { words.append("is suspect by " + suspect.joined(separator: ", ")) }
    return words.joined(separator: "; ")
  }
}
