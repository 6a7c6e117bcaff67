public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Averages of wind, and its gusts.
public struct WindKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "wind", family: .environment, revision: 2,
      summary: "ten-minute averages of wind and its gusts, every minute",
      inputs: .named([
        KernelInput("speed", .metrePerSecond, help: "speed of the wind"),
        KernelInput(
          "direction", .degreesOfArc, isRequired: false,
          help: "where the wind comes from, from north by east"),
      ]),
      options: [
        .time(
          "average", 1_000_000_000...86_400_000_000_000, .standard("10 min"),
          help: "time over which to average; a whole number of 'give-every'"),
        .time(
          "give-every", 1_000_000_000...86_400_000_000_000, .standard("1 min"),
          help: "time between two averages"),
        .time(
          "gust", 100_000_000...60_000_000_000, .standard("3 s"), help: "time of a gust"),
        .count(
          "gust-samples", 1...256, .standard("9"),
          help: "samples that a gust must have; 3 for an instrument of 1 Hz, which is not the WMO's"
        ),
        .number(
          "calm", 0...5, .standard("0.2"), help: "speed in m/s below which an average is calm"),
        .number(
          "starting-speed", 0...5, .standard("0"),
          help: "speed in m/s below which the vane tells nothing"),
        .time(
          "within", 0...60_000_000_000, .standard("1 s"),
          help: "how far apart speed and direction that belong together may be"),
      ],
      outputs: [
        ("speed", "mean of the speeds"), ("gust", "greatest gust"),
        ("gust-direction", "direction of the greatest gust"),
        ("direction", "mean direction of unit vectors; 0 calm, 360 north"),
        ("direction-deviation", "standard deviation of the direction (Yamartino)"),
        ("vector-speed", "length of the mean vector"),
        ("vector-direction", "direction of the mean vector"),
      ],
      notes: "WMO-No. 8, volume I, chapter 5.")
  }

  /// The averages.
  public let outputs: [KernelChannel]
  private var averages: WindAverages
  private var samples: SampleSet
  private let hasDirection: Bool
  private let paneCount: Int

  /// Averages of streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    let pane = options.nanoseconds("give-every") ?? 60_000_000_000
    let length = options.nanoseconds("average") ?? 600_000_000_000
    guard length % pane == 0, length / pane <= 1000 else {
      throw OptionConflict(
        option: "average",
        "'average' is no whole number of 'give-every', or more than 1000 of them",
        remedy: "write for example 'average: 10 min' and 'give-every: 1 min'")
    }
    guard
      let averages = WindAverages(
        gustTime: options.nanoseconds("gust") ?? 3_000_000_000,
        leastGustSamples: options.integer("gust-samples") ?? 9, paneTime: pane,
        paneCount: Int(length / pane), calm: options.double("calm") ?? 0.2,
        startingSpeed: options.double("starting-speed") ?? 0)
    else { throw .together("average", "the times of 'wind' are out of range") }
    self.averages = averages
    paneCount = Int(length / pane)
    hasDirection = options.text("direction") != nil
    samples = SampleSet(
      count: inputs.count, tolerance: options.nanoseconds("within") ?? 1_000_000_000)
    let degrees = Unit.degreesOfArc
    outputs = [
      ("speed", .metrePerSecond), ("gust", .metrePerSecond), ("gust-direction", degrees),
      ("direction", degrees), ("direction-deviation", degrees),
      ("vector-speed", .metrePerSecond),
      ("vector-direction", degrees),
    ].map { KernelChannel($0.0, $0.1, isOfWindow: true) }
  }

  /// Takes a sample of the stream with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = samples.accept(sample, input: input) else { return }
    advance(to: time, into: &outputs)
    let direction = hasDirection ? samples.values[1] : -1
    give(
      averages.accept(nanoseconds: time, speed: samples.values[0], direction: direction),
      into: &outputs)
  }

  /// Gives the averages whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    // Every pane ends for itself; after as many as an average has, all of them are empty.
    for _ in 0..<paneCount {
      guard let end = averages.openPaneEnd, end <= nanoseconds else { return }
      give(averages.advance(to: end), into: &outputs)
    }
    give(averages.advance(to: nanoseconds), into: &outputs)
  }

  private func give(_ result: WindAverages.Result?, into outputs: inout KernelOutputs) {
    guard let result else { return }
    let values: [Double?] = [
      result.meanSpeed, result.gust?.speed, result.gust?.direction, result.direction,
      result.directionDeviation, result.vectorSpeed, result.vectorDirection,
    ]
    for (index, value) in values.enumerated() {
      if let value { outputs.give(index, value, at: result.end) }
    }
  }
}
