public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Statistics of a stream over windows, which touch or overlap.
public struct StatisticsKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "statistics", family: .statistics, revision: 2,
      summary:
        "means, spreads, extremes, integrals and quantiles over windows that touch or overlap",
      options: [
        .time(
          "window", 1_000_000_000...86_400_000_000_000, .required, help: "length of a window"),
        .time(
          "slide", 1_000_000_000...86_400_000_000_000, .optional,
          help: "time from one window to the next; the length itself as is; divides the length"),
        OptionSpecification(
          "align", .choice(["utc", "start"]), .standard("utc"),
          help:
            "whether windows begin at whole multiples of the slide since 1970, or with the first"
            + " sample"),
        OptionSpecification(
          "compute", .list(.choice(Statistic.allCases.map(\.rawValue))), .standard("mean"),
          help: "what to compute"),
      ] + rules, outputs: Statistic.allCases.map { ($0.rawValue, $0.help) },
      notes: """
        A window is given when the time has passed its end, and stamped with that end; a sample at \
        the end belongs to the next. A sample older than the open slide is late and left out; NaN is \
        missing; two samples at one time both count. Quantiles come from a KLL sketch (k = 200) with a \
        rank error of at most 0.0133 in 99 % of cases, for windows that touch only. Welford 1962, Chan, \
        Golub and LeVeque 1979; Karnin, Lang and Liberty 2016.
        """)
  }

  /// How values go from one sample to the next.
  static var rules: [OptionSpecification] {
    [
      OptionSpecification(
        "between", .choice(["line", "step"]), .standard("line"),
        help: "how a value goes to the next, for integrals: in a line, or staying until it comes"),
      .time(
        "max-gap", 1_000_000...86_400_000_000_000, .optional,
        help: "longest stretch between samples over which the value counts as known"),
    ]
  }

  /// One output for each statistic that is asked for.
  public let outputs: [KernelChannel]
  private let statistics: [Statistic]
  private var windows: SlidingWindow
  private var sketch: QuantileSketch?

  /// Windows over a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    statistics = try Self.statistics(options)
    let length = options.nanoseconds("window") ?? 1_000_000_000
    let slide = options.nanoseconds("slide") ?? length
    guard length % slide == 0, length / slide <= SlidingWindow.maximumPanes,
      let windows = SlidingWindow(
        length: length, slide: slide,
        alignment: options.text("align") == "start" ? .firstSample : .epoch,
        rule: Self.rule(options, statistics))
    else {
      throw OptionConflict(
        option: "slide", "'slide' does not divide 'window' into at most 1440 parts",
        remedy: "write for example 'window: 10 min' and 'slide: 1 min'")
    }
    self.windows = windows
    if statistics.contains(where: { $0.quantile != nil }) {
      guard length == slide else {
        throw OptionConflict(
          option: "compute", "quantiles need windows that do not overlap",
          remedy: "remove 'slide', or compute no quantile")
      }
      sketch = QuantileSketch()
    }
    outputs = statistics.map {
      KernelChannel($0.rawValue, $0.unit(of: input.unit), isOfWindow: true)
    }
  }

  static func statistics(_ options: OptionValues) throws(OptionConflict) -> [Statistic] {
    let statistics = options.texts("compute").compactMap { Statistic(rawValue: $0.text) }
    guard Set(statistics).count == statistics.count else {
      throw OptionConflict(
        option: "compute", "'compute' names a statistic twice", remedy: "name each once")
    }
    return statistics
  }

  static func rule(_ options: OptionValues, _ statistics: [Statistic]) -> WindowSummary.Rule {
    WindowSummary.Rule(
      interpolation: options.text("between") == "step" ? .previous : .linear,
      maximumGap: options.nanoseconds("max-gap"), isDirection: statistics.contains(.direction))
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    // A window that this sample closes is given before the sample counts anywhere.
    advance(to: sample.nanoseconds, into: &outputs)
    let late = windows.lateSamples
    windows.accept(sample) { _ in }
    if late == windows.lateSamples { sketch?.accept(sample.value) }
  }

  /// Closes the windows whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    close(to: nanoseconds, isFinal: false, into: &outputs)
  }

  /// Gives the window that is open; of windows that overlap, the one that ends first.
  public mutating func finish(into outputs: inout KernelOutputs) {
    close(to: .max, isFinal: true, into: &outputs)
  }

  private mutating func close(
    to nanoseconds: Int64, isFinal: Bool, into outputs: inout KernelOutputs
  ) {
    let (statistics, sketch) = (statistics, sketch)
    var hasClosed = false
    windows.advance(to: nanoseconds) { result in
      if isFinal, hasClosed { return }
      // Only the first window that closes can have values where windows touch.
      let quantiles = hasClosed ? nil : sketch
      hasClosed = true
      for (index, statistic) in statistics.enumerated() {
        let value =
          statistic.quantile.map { quantiles?.quantile($0) } ?? statistic.value(of: result.summary)
        if let value { outputs.give(index, value, at: result.end) }
      }
    }
    if hasClosed, sketch != nil { self.sketch = QuantileSketch() }
  }
}
