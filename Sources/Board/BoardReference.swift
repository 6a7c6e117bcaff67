import Configuration
public import JSONText
import Quantities

/// What a board file may hold, as a JSON Schema and as a page; both from the option lists.
public enum BoardReference {
  /// The JSON Schema of board files.
  public static var schema: JSON {
    OptionSchema.document(title: "Cairn board file", Board.options)
  }

  /// The reference page in Markdown.
  public static var page: String {
    """
    # The board file

    \(introduction)

    ## A complete example

    This is `boards/example.yaml`; `boards/demo.yaml` is a simulated board that runs anywhere.

    ```yaml
    \(example)
    ```

    \(OptionReference.markdown(heading: "Keys of the file", Board.options))
    \(values)
    """
  }

  /// The example of the page, which is a file of its own too.
  public static let example = """
    # A river station: weather on the bank, its supply, a meter and the mains.
    board:
      name: river-07
      location: { latitude: 46.0511, longitude: 14.5051, altitude: 298 m }

    buses:
      i2c-1: { device: /dev/i2c-1 }
      header: { gpiochip: pinctrl-bcm2711 }

    sensors:
      air:
        driver: bme280
        on: i2c-1
        address: 0x76
        every: 10 s
        channels:
          temperature: { calibrate: { offset: -0.4 }, valid: -40..85 }
      supply: { driver: ina226, on: i2c-1, address: 0x40, every: 1 s, shunt: 0.1 ohm }
      meter: { driver: pulse-counter, on: header, line: 17, every: 10 s, debounce: 20 ms, per-pulse: 1 Wh }
      mains: { driver: zero-crossing, on: header, line: 27, every: 1 s, nominal: 50 Hz }

    kernels:
      air-1m: { kind: statistics, of: air.*, window: 1 min, compute: [mean, min, max] }
      under-frequency: { kind: threshold, of: mains.frequency, below: 49.5, release: 49.9, release-for: 5 s }

    record: { every: 10 s, checkpoint: 1 min }

    mqtt:
      broker: mqtts://broker.example:8883
      user: river-07
      password-file: /etc/cairn/mqtt.password
    """

  private static let introduction = """
    One YAML file says what a board is, what it measures, computes, signs and publishes. This page is
    made from the program's own lists of keys by `cairn schema --markdown`; `cairn schema` prints the
    same as a JSON Schema, with which editors complete keys and mark mistakes.

    - `cairn check FILE` says everything that is wrong, as
      `file:line:column: error: what is wrong; what to write instead`, and touches no hardware. A
      board never starts with a wrong file.
    - An unknown key is an error; a key that is written wrongly is never replaced by a default.
    - A number that measures something has its unit: `10 s`, `400 kHz`, `0.1 ohm`. What belongs to a
      channel (a calibration, a limit, a valid range) is in the channel's own unit and stands
      without it.
    - Secrets are named by file and never stand in the board file.
    - To other readers of YAML 1.1, as PyYAML, the key `on` is a boolean, not a text; where such a one
      reads the file too, write `"on":` with quotes, which is the same here.
    - YAML anchors, aliases, tags and second documents are refused, so that a file means what it
      shows.

    In the tables, *without it* says what happens when a key is not written: an error, or the value
    that is then used. Names, numbers, quantities, lists and what drives a simulation are explained
    [at the end](#how-values-are-written).
    """

  private static var values: String {
    let symbols = Dimension.allCases.map { dimension in
      "| \(dimension.rawValue) | "
        + dimension.symbols.map { "`\($0.symbol)`" }.joined(separator: ", ") + " |"
    }
    return """
      ## How values are written

      A **name** is a lower-case letter, then lower-case letters, digits and single hyphens, 32 at
      most. A **number** is decimal, with a point: `-0.4`, `1e-3`; at most nine digits behind the
      point. A **list** of one item may stand without brackets. A **range** is two numbers with two
      dots between: `-40..85`.

      A **quantity** is a number and a unit, with or without a blank between:

      | quantity | units |
      |---|---|
      \(symbols.joined(separator: "\n"))

      What **drives the model** of a part on a virtual bus, behind `simulate`, is one of these:

      | text | meaning |
      |---|---|
      | `weather.temp_c` | a column of a recording |
      | `weather.press_mbar * 100` | with a factor |
      | `grid.v_l1 * 0.001 - 2.5` | with a factor and an offset |
      | `21.5` | always the same |
      | `sine(50, 0.02, 60 s)` | mean, amplitude, period |

      A recording is a CSV file. Its first line names the columns, its first column is the time, and
      a cell may be empty. At its end it begins anew.

      """
  }
}
