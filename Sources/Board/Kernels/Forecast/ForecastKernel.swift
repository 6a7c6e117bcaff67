public import Configuration
public import Drivers
public import Kernels

/// What a stream with a season will be.
public struct ForecastKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "forecast", family: .forecast, revision: 1,
      summary: "values to come of a stream with a daily or other season, and how far off they were",
      options: [
        .time(
          "slot", 1_000_000_000...86_400_000_000_000, .standard("1 h"),
          help: "length of a slot; its value is the mean of its samples"),
        .time(
          "season", 2_000_000_000...2_419_200_000_000_000, .standard("1 d"),
          help: "length of a season, a whole number of slots"),
        .time(
          "ahead", 1_000_000_000...2_419_200_000_000_000, .standard("1 d"),
          help: "how far ahead to look, at most a season"),
        .number(
          "level", 0.001...1, .standard("0.2"), help: "weight of the newest season in the level"),
        .number("trend", 0...1, .standard("0.1"), help: "weight in the trend"),
        .number("seasonal", 0.001...1, .standard("0.2"), help: "weight in the season"),
      ],
      outputs: [
        ("next", "forecast for the slot that now begins"),
        ("ahead", "forecast for the slot that begins 'ahead' later, less one slot"),
        ("low", "2.5 % bound of that forecast"), ("high", "97.5 % bound of that forecast"),
        ("error", "mean absolute error of such forecasts so far"),
        (
          "scaled-error",
          "that error over the one of taking the value of a season before; below 1 is better"
        ),
        ("residual", "value of the slot that ended less what was forecast for it"),
      ],
      notes: """
        Additive Holt-Winters with a damped trend and the autocorrelation of residuals (Winters 1960, \
        Gardner and McKenzie 1985, Taylor 2003). Nothing is given before a season has passed with \
        values in half of its slots. Slots without samples teach nothing.
        """)
  }

  /// The forecasts and their errors.
  public let outputs: [KernelChannel]
  private let slotsAhead: Int
  private var model: HoltWinters

  /// A model of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let slot = options.nanoseconds("slot") ?? 3_600_000_000_000
    let season = options.nanoseconds("season") ?? 86_400_000_000_000
    let ahead = options.nanoseconds("ahead") ?? 86_400_000_000_000
    guard season % slot == 0, (2...100_000).contains(season / slot) else {
      throw OptionConflict(
        option: "season", "'season' must be 2 to 100000 whole slots",
        remedy: "write for example 'slot: 1 h' and 'season: 1 d'")
    }
    guard ahead % slot == 0, ahead >= slot, ahead <= season else {
      throw OptionConflict(
        option: "ahead", "'ahead' must be whole slots, at most a season",
        remedy: "write for example 'ahead: 1 d'")
    }
    slotsAhead = Int(ahead / slot)
    let smoothing = SeasonalSmoothing(
      level: options.double("level") ?? 0.2, trend: options.double("trend") ?? 0.1,
      season: options.double("seasonal") ?? 0.2)
    guard let smoothing,
      let model = HoltWinters(
        slotTime: slot, seasonLength: Int(season / slot), smoothing: smoothing,
        horizons: Array(Set([1, slotsAhead])))
    else { throw .together("level", "'level', 'trend' and 'seasonal' do not suit the season") }
    self.model = model
    let unit = input.unit
    outputs = [
      KernelChannel("next", unit), KernelChannel("ahead", unit), KernelChannel("low", unit),
      KernelChannel("high", unit), KernelChannel("error", unit),
      KernelChannel("scaled-error", .none), KernelChannel("residual", unit),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    // Not in one expression: what is given is read from the model as it is after the sample.
    let step = model.accept(sample)
    give(step, into: &outputs)
  }

  /// Closes the slot whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    let step = model.advance(to: nanoseconds)
    give(step, into: &outputs)
  }

  private func give(_ step: HoltWinters.Step?, into outputs: inout KernelOutputs) {
    guard let step else { return }
    let time = step.start &+ model.slotTime
    let far = model.forecast(slotsAhead)
    let range = far?.range()
    let values: [Double?] = [
      model.forecast(1)?.value, far?.value, range?.lowerBound, range?.upperBound,
      model.meanAbsoluteError(horizon: slotsAhead),
      model.meanAbsoluteScaledError(horizon: slotsAhead), step.forecast.map { step.value - $0 },
    ]
    for (index, value) in values.enumerated() {
      if let value { outputs.give(index, value, at: time) }
    }
  }
}
