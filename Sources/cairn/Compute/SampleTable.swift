import Quantities
import VirtualHardware

/// The times and numbers of a table, as kernels take them.
struct SampleTable {
  /// What is wrong with a table, and where.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// The time of every row, in nanoseconds since 1970 or since the first row.
  private(set) var times: [Int64] = []
  /// The numbers of every column that is asked for; NaN where there is none.
  private(set) var values: [[Double]]

  /// What stands for a missing value, besides nothing.
  private static let missing: Set<String> = ["nan", "na", "n/a", "null", "none", "-"]

  /// Reads a table's time column, and some of its columns of numbers.
  ///
  /// Without a time column the first row is at zero, and row `n` at `time(n)` nanoseconds.
  init(
    _ table: CSVTable, timeColumn: Int?, time: (Int) -> Int64, columns: [Int]
  ) throws(Failure) {
    values = columns.map { _ in [] }
    for row in table.lines.indices {
      let fields: [ArraySlice<UInt8>]
      do {
        fields = try table.fields(of: row)
      } catch {
        throw Failure(line: error.line, message: error.message)
      }
      if let timeColumn {
        guard let nanoseconds = Self.time(fields[timeColumn]) else {
          throw Failure(
            line: table.lineNumbers[row],
            message: "'\(CSVTable.text(fields[timeColumn]))' in column "
              + "'\(table.columns[timeColumn])' is no "
              + "time; write 2026-01-31 12:00:00, 2026-01-31T12:00:00Z or seconds since 1970")
        }
        times.append(nanoseconds)
      } else {
        times.append(time(row))
      }
      for (index, column) in columns.enumerated() {
        guard let number = Self.number(fields[column]) else {
          throw Failure(
            line: table.lineNumbers[row],
            message: "'\(CSVTable.text(fields[column]))' in column '\(table.columns[column])' is "
              + "no number; leave the field empty where there is none")
        }
        values[index].append(number)
      }
    }
  }

  private static func time(_ field: ArraySlice<UInt8>) -> Int64? {
    if let time = RecordingTime(field) { return time.nanoseconds }
    let text = CSVTable.text(field)
    if let time = RecordingTime(Array(text.utf8)[...]) { return time.nanoseconds }
    // Milliseconds, for as seconds they would be after 5138.
    guard let milliseconds = Int64(text), milliseconds >= 100_000_000_000 else { return nil }
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? nil : nanoseconds
  }

  private static func number(_ field: ArraySlice<UInt8>) -> Double? {
    let text = String(decoding: field, as: UTF8.self)
    if let number = Double(text) { return number }
    let bare = CSVTable.text(field).trimming(" ")
    if bare.isEmpty || missing.contains(bare.lowercased()) { return .nan }
    return Double(bare)
  }
}

extension String {
  fileprivate func trimming(_ character: Character) -> String {
    var rest = self[...]
    while rest.first == character { rest.removeFirst() }
    while rest.last == character { rest.removeLast() }
    return String(rest)
  }
}
