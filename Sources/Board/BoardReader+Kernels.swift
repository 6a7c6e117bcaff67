import Configuration
import Drivers

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
      do {
        let kernel = try kind.init(options: row.values, inputs: inputs)
        kernels.append(
          KernelDeclaration(
            name: row.name, kernel: kernel, inputs: inputs, parameters: row.values.texts))
      } catch {
        report(row.values.position(of: error.option), error.message, remedy: error.remedy)
      }
    }
    return kernels
  }

  /// The channels that the patterns behind `of` mean, each once.
  private mutating func readInputs(_ values: OptionValues) -> [ChannelReference] {
    var inputs: [ChannelReference] = []
    let patterns = values.texts("of")
    if patterns.isEmpty, values["of"] != nil, values.list("of").isEmpty {
      report(
        values.position(of: "of"), "'of' names no channel",
        remedy: "write for example 'of: air.temperature'")
    }
    for (text, position) in patterns {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        report(
          position, "'\(text)' names no channel",
          remedy: "write 'sensor.channel', or 'sensor.*' for all channels of a sensor")
        continue
      }
      guard let channels = channelsBySensor[parts[0]] else {
        report(
          position, "unknown sensor '\(parts[0])' in '\(text)'",
          remedy: suggestion(for: parts[0], among: Array(channelsBySensor.keys)))
        continue
      }
      let matching = parts[1] == "*" ? channels : channels.filter { $0.channel == parts[1] }
      if matching.isEmpty {
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
        "'window' is shorter than the time between two measurements of '\(input.sensor)'",
        remedy: "write a longer window, or measure more often")
      return
    }
  }
}
