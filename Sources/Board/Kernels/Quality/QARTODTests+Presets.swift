import Configuration
import Drivers
import Kernels
import Quantities

extension QARTODTests {
  /// Published limits by the words of the board file.
  static let presets: [String: QualityPreset] = [
    "wmo-air-temperature": .wmoAirTemperature, "wmo-dew-point": .wmoDewPoint,
    "wmo-humidity": .wmoRelativeHumidity, "wmo-pressure": .wmoPressure,
    "wmo-wind-speed": .wmoWindSpeed, "wmo-wind-gust": .wmoWindGust,
    "wmo-wind-direction": .wmoWindDirection,
    "weatherxm-humidity": .weatherXMRelativeHumidity,
    "weatherxm-air-temperature": .weatherXMAirTemperature,
    "weatherxm-wind-direction": .weatherXMWindDirection,
    "weatherxm-wind-speed": .weatherXMWindSpeed, "weatherxm-pressure": .weatherXMPressure,
    "weatherxm-illuminance": .weatherXMIlluminance,
  ]

  /// The limits of the preset that is written, in the unit of a stream.
  ///
  /// A stream whose unit is not known is taken to be in the preset's.
  static func preset(
    _ options: OptionValues, of input: ChannelReference
  ) throws(OptionConflict) -> QualityPreset? {
    guard let name = options.text("preset"), let preset = presets[name] else { return nil }
    let unit = Unit(code: preset.unit)
    guard input.isOfKnownUnit, input.unit != unit else { return preset }
    guard let conversion = unit.conversion(to: input.unit) else {
      let fitting = presets.filter {
        Unit(code: $0.value.unit).conversion(to: input.unit) != nil
      }.keys.sorted()
      throw OptionConflict(
        option: "preset",
        "the limits of '\(name)' are in \(unit), but '\(input)' is in"
          + " \(input.unit)",
        remedy: fitting.isEmpty
          ? "write limits of your own, for example 'gross-range: { fail: -40..85 }'"
          : "write one of \(fitting.joined(separator: ", "))")
    }
    return preset.converted(conversion, to: input.unit)
  }
}

extension QualityPreset {
  /// The same limits in another unit.
  fileprivate func converted(_ conversion: UnitConversion, to unit: Unit) -> QualityPreset {
    // No unit of a preset has a relative that runs the other way.
    let range = conversion.value(range.lowerBound)...conversion.value(range.upperBound)
    return QualityPreset(
      unit: unit.code, range: range,
      step: step.map { Step(conversion.difference($0.change), within: $0.time) },
      persistence: persistence.map {
        Persistence(
          conversion.difference($0.tolerance), suspectAfter: $0.suspectAfter,
          failAfter: $0.failAfter)
      })
  }
}
