public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Hourly means of particles, their NowCast and the index of air quality.
public struct AirQualityKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "air-quality", family: .environment, revision: 2,
      summary: "hourly mean, NowCast and US index of air quality of particles",
      options: [
        OptionSpecification(
          "pollutant", .choice(["pm2-5", "pm10"]), .standard("pm2-5"), help: "which particles"),
        OptionSpecification(
          "input", .choice(["samples", "hourly"]), .standard("samples"),
          help: "whether hours are to be averaged, or every value is one of an hour already"),
      ],
      outputs: [
        ("mean", "mean of the hour"),
        ("nowcast", "NowCast of the last twelve hours; none where two of the last three lack"),
        ("index", "index of air quality of the NowCast, 0 to 500"),
        ("hour-index", "index of air quality of the hour alone"),
      ],
      notes: """
        US EPA, EPA-454/B-24-002 (May 2024): weight max(0.5, least / greatest), truncated to 0.1 (PM10: \
        1) ug/m3; index by the table of 2024, its last slope going on beyond 500. Hours begin at whole \
        hours in UTC, and an hour's values are given when it is over; an hour without values has no \
        mean, but a NowCast while two of the last three hours have one.
        """)
  }

  /// The mean, the NowCast and the indexes.
  public let outputs: [KernelChannel]
  private let pollutant: AirQualityIndex.Pollutant
  private let isHourly: Bool
  private var hours: HourlyNowCast
  private var cast: NowCast

  /// Air quality of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    try input.mustBe(
      in: .microgramPerCubicMetre, "micrograms per cubic metre (ug/m3)", of: "particles",
      for: "air-quality")
    pollutant = options.text("pollutant") == "pm10" ? .pm10 : .pm25
    isHourly = options.text("input") == "hourly"
    hours = HourlyNowCast(of: pollutant)
    cast = NowCast(of: pollutant)
    outputs = [
      KernelChannel("mean", .microgramPerCubicMetre, isOfWindow: !isHourly),
      KernelChannel("nowcast", .microgramPerCubicMetre, isOfWindow: !isHourly),
      KernelChannel("index", .none, isOfWindow: !isHourly),
      KernelChannel("hour-index", .none, isOfWindow: !isHourly),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    if isHourly {
      let nowcast = cast.accept(sample)
      give(sample.value, nowcast, at: sample.nanoseconds, into: &outputs)
    } else {
      close(upTo: sample.nanoseconds, into: &outputs)
      hours.accept(sample)
    }
  }

  /// Closes the hours whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    if !isHourly { close(upTo: nanoseconds, into: &outputs) }
  }

  /// Gives the hour that is open.
  public mutating func finish(into outputs: inout KernelOutputs) {
    // An hour after the last value is not open.
    guard !isHourly, let hour = hours.close(upTo: .max), hour.mean != nil else { return }
    give(hour.mean, hour.nowCast, at: hour.end, into: &outputs)
  }

  private mutating func close(upTo nanoseconds: Int64, into outputs: inout KernelOutputs) {
    while let hour = hours.close(upTo: nanoseconds) {
      give(hour.mean, hour.nowCast, at: hour.end, into: &outputs)
    }
  }

  private func give(
    _ mean: Double?, _ nowcast: Double?, at time: Int64, into outputs: inout KernelOutputs
  ) {
    if let mean { outputs.give(0, mean, at: time) }
    if let nowcast {
      outputs.give(1, nowcast, at: time)
      if let index = AirQualityIndex(nowcast, of: pollutant) {
        outputs.give(2, Double(index.value), at: time)
      }
    }
    if let mean, let index = AirQualityIndex(mean, of: pollutant) {
      outputs.give(3, Double(index.value), at: time)
    }
  }
}
