import Evidence
import JSONText
import LogDirectory
import MerkleLog

/// The readings of a log as a table: a row for each time, a column for each channel.
enum LogTable {
  /// The name of the first column.
  static let time = "time"

  /// Why a log is no table.
  struct Failure: Error {
    let message: String
  }

  /// Reads the readings of sensors and kernels that are open and have a time, in the log's order.
  ///
  /// Columns are named `sensor.channel`, rows only those of a time in milliseconds since 1970.
  /// Signatures are not checked.
  static func read(_ path: String, within range: Range<UInt64>) throws -> CSVTable {
    let log = try LogCommand.open(path)
    var columns: [String: Int] = [:]
    var rows: [(seconds: Double, values: [Int: Double])] = []
    for index in try log.keptBundles {
      for (_, bytes) in try log.bundle(index) {
        let signed = try SignedEntry(parsing: bytes)
        guard signed.entry.type == .data else { continue }
        for case .record(let record) in try signed.entry.dataBody().elements {
          guard let seconds = record.timeSeconds, case .number(let value) = record.value,
            record.name.hasPrefix(signed.subject + ":")
          else { continue }
          let name = record.name.dropFirst(signed.subject.count + 1)
          guard let slash = name.firstIndex(of: "/") else { continue }
          let column = "\(name[..<slash]).\(name[name.index(after: slash)...])"
          let number = columns[column] ?? columns.count
          columns[column] = number
          // What was measured at one time stands together, unless it was measured twice.
          if let last = rows.last, last.seconds == seconds, last.values[number] == nil {
            rows[rows.count - 1].values[number] = value
          } else {
            rows.append((seconds, [number: value]))
          }
        }
      }
    }
    let names = columns.sorted { $0.value < $1.value }.map(\.key)
    var text = ([time] + names).joined(separator: ",") + "\n"
    for row in rows where range.contains(milliseconds(row.seconds)) {
      text += CalendarTime.text(unixSeconds: row.seconds)
      for number in names.indices {
        text += ","
        if let value = row.values[number] { text += JSON.numberText(value) }
      }
      text += "\n"
    }
    return try CSVTable(Array(text.utf8))
  }

  /// The whole milliseconds of a time, as its text has them.
  private static func milliseconds(_ seconds: Double) -> UInt64 {
    UInt64(min(max(0, (seconds * 1e6).rounded()), 1e18)) / 1000
  }
}
