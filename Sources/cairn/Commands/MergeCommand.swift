import ArgumentParser
import Configuration
import JSONText
import Kernels

/// `cairn merge`: quantiles of several boards together.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge sketches of several files, and print quantiles of all values together.",
    discussion: """
      Each FILE is a sketch that --output wrote, a CSV file, or the directory of a log; of the last two \
      the column --column is taken. A sketch has a few kilobytes whatever it was made of, so boards can \
      send theirs instead of their values. Ranks are right to 1.33 % in 99 of 100 cases (KLL, k = 200).
      """)

  @Argument(help: "Sketches, CSV files or directories of logs.")
  var files: [String]

  @Option(help: "The column of CSV files and logs, in a log 'sensor.channel'.")
  var column: String?

  @Option(help: "A part between 0 and 1; once for every quantile.")
  var quantile: [Double] = []

  @Option(name: .shortAndLong, help: "Where to write the sketch of all values.")
  var output: String?

  func validate() throws {
    guard quantile.allSatisfy({ (0...1).contains($0) }) else {
      throw ValidationError("--quantile must be from 0 to 1")
    }
  }

  func run() throws {
    guard var merged = QuantileSketch() else { throw refusal("there is no room for a sketch") }
    for (index, file) in files.enumerated() {
      guard merged.merge(try sketch(file, seed: UInt64(index) + 1)) else {
        throw refusal(
          "'\(file)' is a sketch of another accuracy; make all of them with one version")
      }
    }
    if let output {
      do throws(FileBytes.Unreadable) {
        try FileBytes.write(merged.bytes, to: output)
      } catch {
        throw refusal("\(error)")
      }
    }
    let parts = quantile.isEmpty ? [0.05, 0.25, 0.5, 0.75, 0.95] : quantile
    let values = zip(parts, merged.quantiles(parts)).map { part, value in
      (name: JSON.numberText(part), value: value.map { JSON.number($0) } ?? .null)
    }
    StandardStream.output.line(
      JSON.object([
        ("count", .integer(Int128(merged.count))),
        ("min", merged.minimum.map { .number($0) } ?? .null),
        ("max", merged.maximum.map { .number($0) } ?? .null),
        ("quantiles", .object(values)), ("rank_error", .number(0.0133)),
      ]).text)
  }

  private func sketch(_ file: String, seed: UInt64) throws -> QuantileSketch {
    if !FileBytes.isDirectory(file) {
      do throws(FileBytes.Unreadable) {
        let bytes = try FileBytes.read(file, limit: 1 << 24)
        if let sketch = QuantileSketch(bytes: bytes) { return sketch }
      } catch {
        throw refusal("\(error); name a sketch, a CSV file or the directory of a log")
      }
    }
    let table = try TableFile.read(file)
    guard let column else {
      throw refusal("'\(file)' is no sketch, and --column is not said; name a column of it")
    }
    guard let index = table.columns.firstIndex(of: column) else {
      throw refusal(
        "\(file): there is no column '\(column)'; \(suggestion(for: column, among: table.columns))")
    }
    do throws(CSVTable.Failure) {
      try table.requireOnce(column)
    } catch {
      throw refusal("\(file):\(error.line): \(error.message)")
    }
    // Each file throws its own coins, or the errors of all would add up.
    guard var sketch = QuantileSketch(seed: seed) else { throw refusal("there is no room") }
    do throws(SampleTable.Failure) {
      let samples = try SampleTable(
        table, timeColumn: nil, time: { Int64($0) }, columns: [index])
      for value in samples.values[0] { sketch.accept(value) }
    } catch {
      throw refusal("\(file):\(error.line): \(error.message)")
    }
    return sketch
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
