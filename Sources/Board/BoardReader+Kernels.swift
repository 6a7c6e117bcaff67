import Configuration
import Drivers
import Quantities

extension BoardReader {
  mutating func readKernels(_ root: OptionValues) -> [KernelDeclaration] {
    var kernels: [KernelDeclaration] = []
    for row in root.sections("kernels") {
      guard
        let kind = KernelCatalogue.all.first(where: {
          $0.specification.name == row.values.variant
        })
      else { continue }
      let inputs = readInputs(row.values)
      checkWindow(row.values, inputs)
      kernelOutputs[row.name] = kind.specification.outputs.flatMap { output in
        inputs.count == 1 ? [output] : inputs.map { "\($0).\(output)" }
      }
      do {
        let kernel = try kind.init(options: row.values, inputs: inputs)
        kernels.append(
          KernelDeclaration(
            name: row.name, kernel: kernel, inputs: inputs, parameters: row.values.texts))
      } catch {
        report(error, in: row.values)
      }
    }
    return kernels
  }

  /// The channels that the patterns behind `of` mean, each once.
  private mutating func readInputs(_ values: OptionValues) -> [ChannelReference] {
    var inputs: [ChannelReference] = []
    for (text, position) in values.texts("of") {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        report(
          position, "\(text.quoted) names no channel",
          remedy: "write 'sensor.channel', or 'sensor.*' for all channels of a sensor")
        continue
      }
      guard let channels = channelsBySensor[parts[0]] else {
        if !sensorNames.isEmpty, !sensorNames.contains(parts[0]) {
          report(
            position, "unknown sensor '\(parts[0])' in \(text.quoted)",
            remedy: suggestion(for: parts[0], among: sensorNames))
        }
        continue
      }
      let matching = parts[1] == "*" ? channels : channels.filter { $0.channel == parts[1] }
      if matching.isEmpty, let option = missingOptions["\(parts[0]).\(parts[1])"] {
        report(
          position, "'\(text)' has no value as long as '\(parts[0])' does not say '\(option)'",
          remedy: "write '\(option)' there, or name another channel")
      } else if matching.isEmpty {
        report(
          position, "sensor '\(parts[0])' has no channel '\(parts[1])'",
          remedy: suggestion(for: parts[1], among: channels.map(\.channel) + ["*"]))
      }
      for channel in matching {
        if inputs.contains(channel) {
          report(
            position, "channel '\(channel)' is named twice", remedy: "name each channel once")
        } else {
          inputs.append(channel)
        }
      }
    }
    return inputs
  }

  /// A window in which a channel cannot have a value would stay silent for ever.
  private mutating func checkWindow(_ values: OptionValues, _ inputs: [ChannelReference]) {
    guard let window = values.duration("window") else { return }
    for input in inputs {
      guard let interval = intervals[input.sensor], window < interval else { continue }
      report(
        values.position(of: "window"),
        "'window' is shorter than the \(interval.words) between two measurements of"
          + " '\(input.sensor)'",
        remedy: "write a longer window, or measure more often")
      return
    }
  }
}
