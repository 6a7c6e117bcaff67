import Glibc
import Kernels

/// One row of a series: what a station measures at a time.
struct Point {
  var nanoseconds: Int64
  let value: Double
  let humidity: Double
  let pascals: Double
  let speed: Double
  let direction: Double

  var sample: Sample { Sample(nanoseconds: nanoseconds, value: value) }
}

/// Rows of equal distance, which are played again and again while time goes on.
struct Series {
  let name: String
  let points: [Point]
  let interval: Int64

  /// Reads lines of `nanoseconds,value,humidity,pascals,speed,direction`.
  init(_ path: String) {
    guard let file = fopen(path, "r") else { fail("no series at \(path)") }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var size = 0
    var points: [Point] = []
    while getline(&line, &size, file) > 0, let text = line {
      let fields = String(cString: text).split(whereSeparator: { $0 == "," || $0 == "\n" })
      guard fields.count == 6, let nanoseconds = Int64(fields[0]) else {
        fail("bad row in \(path)")
      }
      let numbers = fields.dropFirst().compactMap { Double($0) }
      guard numbers.count == 5 else { fail("bad row in \(path)") }
      points.append(
        Point(
          nanoseconds: nanoseconds, value: numbers[0], humidity: numbers[1], pascals: numbers[2],
          speed: numbers[3], direction: numbers[4]))
    }
    free(line)
    guard points.count >= 1000 else { fail("too few rows in \(path)") }
    self.points = points
    interval = points[1].nanoseconds - points[0].nanoseconds
    name = String(path.split(separator: "/").last?.split(separator: ".").first ?? "series")
  }
}

func fail(_ message: String) -> Never {
  let text = "\(message)\n"
  write(2, text, text.utf8.count)
  exit(2)
}
