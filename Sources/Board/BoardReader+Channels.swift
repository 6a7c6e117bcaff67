import Configuration
import Drivers
import Quantities

extension BoardReader {
  mutating func readChannels(
    _ values: OptionValues, _ specification: DriverSpecification, sensor: String
  ) -> [String: ChannelSettings] {
    let names = specification.channels.map(\.name)
    var channels: [String: ChannelSettings] = [:]
    for row in values.sections("channels") {
      guard let channel = specification.channels.first(where: { $0.name == row.name }) else {
        report(
          row.position, "driver '\(specification.name)' has no channel '\(row.name)'",
          remedy: suggestion(for: row.name, among: names))
        continue
      }
      if let missing = missingChannels["\(sensor).\(row.name)"] {
        report(row.position, "'\(row.name)' \(missing.lack)", remedy: missing.remedy)
      }
      let calibrate = row.values.section("calibrate")
      if let calibrate, calibrate.number("scale") == 0 {
        report(
          calibrate.position(of: "scale"), "'scale' is zero, so that all values are the same",
          remedy: "write the factor, for example 1000 for a divider of 1000 to 1")
      }
      let settings = ChannelSettings(
        scale: calibrate?.number("scale") ?? 1_000_000_000,
        offset: calibrate?.number("offset") ?? 0,
        unit: calibrate?.text("unit").map { Unit(code: $0) }, valid: row.values.interval("valid"))
      if row.values.isComplete { checkValid(row.values, settings, channel) }
      channels[row.name] = settings
    }
    return channels
  }

  /// A range that no value of the chip can reach is one in another unit, mostly.
  private mutating func checkValid(
    _ values: OptionValues, _ settings: ChannelSettings, _ channel: ChannelSpecification
  ) {
    guard let valid = settings.valid, let range = channel.range, settings.scale != 0 else {
      return
    }
    let ends = [range.lowerBound, range.upperBound].compactMap {
      settings.calibrated(Quantity(nano: $0, unit: channel.unit))
    }
    guard let least = ends.min(by: { $0.nano < $1.nano }),
      let greatest = ends.max(by: { $0.nano < $1.nano }), ends.count == 2,
      valid.upperBound < least.nano || greatest.nano < valid.lowerBound
    else { return }
    report(
      values.position(of: "valid"),
      "no value of '\(channel.name)' lies in 'valid', so that all would be gaps",
      remedy:
        "write a range within \(least.decimalText)..\(greatest.decimalText), in \(least.unit)"
    )
  }
}

/// Why a channel has no value with the options of its sensor.
struct MissingChannel {
  /// What holds of the channel.
  let lack: String
  /// What to write.
  let remedy: String

  /// Nil where the options are such that the channel has values, or where they are wrong, which was
  /// reported already.
  init?(_ channel: ChannelSpecification, of sensor: String, _ values: OptionValues) {
    guard let option = channel.neededOption else { return nil }
    if let item = channel.neededItem {
      guard values.isComplete, !values.texts(option).contains(where: { $0.text == item }) else {
        return nil
      }
      lack = "has no value as long as '\(sensor)' does not name '\(item)' in '\(option)'"
      remedy = "add '\(item)' to '\(option)' there, or name another channel"
    } else {
      guard !values.isWritten(option) else { return nil }
      lack = "has no value as long as '\(sensor)' does not say '\(option)'"
      remedy = "write '\(option)' there, or name another channel"
    }
  }
}

extension Duration {
  /// The span as a user would write it, for example `10 s` or `15.5 ms`.
  var words: String {
    let parts = components
    let nano = Int128(parts.seconds) * 1_000_000_000 + Int128(parts.attoseconds / 1_000_000_000)
    if nano >= 1_000_000_000 { return Quantity(nano: nano, unit: .second).decimalText + " s" }
    return Quantity(nano: nano * 1000, unit: .second).decimalText + " ms"
  }
}
