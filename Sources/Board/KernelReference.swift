import Configuration

/// All kinds of kernels as a page, made from the lists that the reader uses.
public enum KernelReference {
  /// The page in Markdown.
  public static var page: String {
    var page = introduction
    for family in KernelSpecification.Family.allCases {
      let kinds = KernelCatalogue.all.map { $0.specification }.filter { $0.family == family }
      page += "\n## \(title(family))\n\n\(about(family))\n\n"
      page += "![\(caption(family))](kernels/\(family.rawValue).png)\n\n*\(caption(family)).*\n\n"
      page += "| kind | what it computes |\n|---|---|\n"
      for kind in kinds {
        page += "| [`\(kind.name)`](#\(kind.name)) | \(sentence(kind.summary)) |\n"
      }
      for kind in kinds { page += section(kind) }
    }
    return page
  }

  private static func section(_ kind: KernelSpecification) -> String {
    var text = "\n### `\(kind.name)`\n\n\(sentence(kind.summary)) Revision \(kind.revision).\n"
    let options = Board.inputOptions(kind.inputs) + kind.options
    // Mappings inside have their tables on the page of the board file.
    text += OptionReference.table(options, path: "kernels.NAME")
      .split(separator: "](#", omittingEmptySubsequences: false).joined(
        separator: "](board-file.md#")
    text += "\n| output | meaning |\n|---|---|\n"
    for output in kind.outputs { text += "| `\(output.name)` | \(sentence(output.help)) |\n" }
    if !kind.notes.isEmpty { text += "\n\(kind.notes)\n" }
    return text
  }

  private static let introduction = """
    # Kernels

    What a board computes from its readings, or a scientist from a file. This page is made from the
    program's own lists by `cairn schema --kernels`, its pictures by `docs/kernels/plot` from runs of
    `cairn compute`.

    ```yaml
    kernels:
      air-10m: { kind: statistics, of: air.*, window: 10 min, compute: [mean, max, p95] }
      dew:     { kind: dew-point, temperature: air.temperature, humidity: air.humidity }
      odd:     { kind: anomaly, of: dew.value }          # a kernel's output is a stream like others
    ```

    ```console
    $ cairn compute air.csv --time timestamp --kernel 'anomaly: { of: value }'
    $ cairn compute wave.csv --rate 860Hz --kernel 'waveform: { of: volts, sample-rate: 860 Hz, nominal: 230 V }'
    $ cairn compute /var/lib/cairn/boards/NAME --kernel 'q: { kind: qartod, of: air.temperature, preset: wmo-air-temperature }'
    ```

    - A kernel names streams: `sensor.channel`, `sensor.*`, or `kernel.output`. The graph is checked:
      unknown names, units that do not fit and circles are errors with their line.
    - Kinds with `of` compute each stream for itself; over several, outputs are named
      `<sensor>.<channel>.<output>`. Other kinds name every stream by a key.
    - Every kernel is pure, takes constant memory and gives the same bits on every machine for the same
      samples, in whatever pieces they come: only `+ - * /` and the square root are used, and exponentials,
      logarithms and angles are computed from those. So `cairn log replay` recomputes every value.
    - What is not a finite number is never given. NaN and infinities as input are missing values. Time that
      goes back never stops a kernel; each says what it makes of it.
    - Outputs that are states (an alarm, a flag) are recorded when they change; in `cairn compute` they stand
      in every row.
    - `cairn compute` puts a value into the row whose sample it belongs to, that of a window into the row
      that closed it. Of several values in one row the last is shown, and the others are counted on standard
      error; `--format long` has a line for every value, with its own time and unit.
    - A window that is open when the table ends is given too, in the last row; of `wind` and `frequency`
      only whole ones are. Where the last row has the window before, only `--format long` has both. A window
      counts as complete where less than one and a half times the usual (median) time between two rows lies
      between the last row and its end; of others standard error says that they are not. On a board such a
      window waits for its end.
    - Events carry a reason in words: kinds that find something unusual raise alarms (signed at once), quality
      kinds raise warnings.

    """

  private static func title(_ family: KernelSpecification.Family) -> String {
    switch family {
    case .statistics: "Windows"
    case .filters: "Filters"
    case .quality: "Quality control"
    case .anomalies: "Anomalies"
    case .forecast: "Forecasts"
    case .grid: "Grid"
    case .environment: "Environment"
    }
  }

  private static func about(_ family: KernelSpecification.Family) -> String {
    switch family {
    case .statistics:
      "Windows over a stream: tumbling, sliding and sessions, and a mean that fades."
    case .filters:
      "One value in, at most one out, in the words of ESPHome; other units, and sums and ratios of"
        + " streams."
    case .quality: "Whether a value can be believed, and whether it passes a limit."
    case .anomalies: "What is unusual, without a training phase to run by hand."
    case .forecast: "What will be, and how wrong such forecasts were."
    case .grid:
      "Voltage, frequency, power and energy of the mains. No class of IEC 61000-4-30 is claimed; where a"
        + " bound of the error is known, it is an output."
    case .environment: "Quantities derived from weather and air."
    }
  }

  /// What the family's picture shows.
  private static func caption(_ family: KernelSpecification.Family) -> String {
    switch family {
    case .statistics:
      "Air temperature at Alamosa, and its mean, least and greatest value in 30 minutes"
    case .filters:
      "Air pressure at Alamosa as measured, its median of 15 values, and what delta sends on"
    case .quality: "Air temperature at Alamosa with faults put in, and the flags of the tests"
    case .anomalies: "Voltage at Toledo on the day of the Iberian blackout, with score and alarms"
    case .forecast: "A daily load and what was forecast for it an hour before"
    case .grid:
      "Voltage and frequency at Toledo before the blackout: oscillation, swell, interruption"
    case .environment: "Temperature, dew point and wet-bulb temperature at Alamosa"
    }
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
