import Board
import JSONText
import Foundation
import Testing

/// Loads YAML files and prints, for each, whether the schema takes it: `NAME valid`,
/// `NAME invalid REASON` or `NAME unreadable`.
///
/// The first argument says what becomes of scalars: YAML 1.1 as PyYAML has it, or the core schema of
/// YAML 1.2 as editors have it. Keys are texts in both; PyYAML alone would make the key `on` true.
private let script = """
  import json, re, sys, datetime
  import jsonschema, yaml

  class Loader(yaml.SafeLoader):
      def construct_mapping(self, node, deep=False):
          if not isinstance(node, yaml.MappingNode):
              raise yaml.YAMLError("no mapping")
          return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


      def compose_node(self, parent, index):
          # What expands without end must not do so here.
          if self.check_event(yaml.events.AliasEvent):
              raise yaml.YAMLError("no aliases")
          return super().compose_node(parent, index)

  def mapping(loader, node):
      return loader.construct_mapping(node)

  Loader.add_constructor("tag:yaml.org,2002:map", mapping)
  if sys.argv[1] == "1.2":
      Loader.yaml_implicit_resolvers = {}
      for tag, pattern, first in [
          ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
          ("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
          ("float", "[-+]?(\\\\.[0-9]+|[0-9]+(\\\\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
          ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
      ]:
          Loader.add_implicit_resolver(
              "tag:yaml.org,2002:" + tag, re.compile("^(?:" + pattern + ")$"), list(first))
      Loader.add_constructor(
          "tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0))

  def plain(value):
      # Dates are texts in JSON.
      if isinstance(value, dict):
          return {key: plain(item) for key, item in value.items()}
      if isinstance(value, list):
          return [plain(item) for item in value]
      return str(value) if isinstance(value, (datetime.date, datetime.datetime)) else value

  schema = json.load(sys.stdin)
  jsonschema.Draft202012Validator.check_schema(schema)
  validator = jsonschema.Draft202012Validator(schema)
  for path in sys.argv[2:]:
      name = path.split("/")[-1].removesuffix(".yaml")
      try:
          with open(path, "rb") as file:
              board = plain(yaml.load(file, Loader=Loader))
      except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
          print(name, "unreadable")
          continue
      error = jsonschema.exceptions.best_match(validator.iter_errors(board))
      print(name, "valid" if error is None else "invalid " + error.message[:200].replace("\\n", " "))
  """

/// Faults that lie in what the parts of a file mean together, in the text, or in other files.
private let beyondSchemas: Set<String> = [
  "address-twice", "bad-start", "bad-stimulus", "broken-recording", "broker-port", "broker-scheme",
  "broker-without-scheme", "bus-of-nothing", "bus-twice", "bus-without-path",
  "calibration-that-does-not-fit", "channel-without-its-option", "conversion-time-the-chip-lacks",
  "duplicate-key",
  "duplicate-sensor", "half-a-pair", "hide-patterns", "interval-too-short",
  "kernel-channel-that-is-not-read", "kernel-device-names", "kernel-device-simulated",
  "kernel-with-a-sensors-name", "missing-buses",
  "line-twice", "missing-recording", "retain-without-a-broker", "rollback-check-without-a-broker",
  "missing-stimulus",
  "misspelt-stimulus", "no-recordings", "power-on-a-line-that-is-read", "power-on-an-i2c-bus",
  "power-shared-wrongly", "channel-of-another-input", "playback-on-a-real-bus",
  "playback-beside-simulate",
  "not-a-device-urn", "password-in-broker", "simulate-on-a-real-bus", "tag",
  "threshold-release-beyond",
  "threshold-with-two-limits", "threshold-without-limit", "tls-without-tls", "too-fine",
  "unknown-bus", "unknown-channel", "unknown-column", "unknown-recording", "unknown-sensor",
  "valid-in-another-unit", "valid-reversed", "virtual-and-real", "window-too-short", "witness-keys",
  "wrong-kind-of-bus",
  // Kernels: what fits which other key, unit or kernel.
  "cusum-without-deviation", "energy-of-a-voltage", "flat-line-without-interval", "group-of-one",
  "kernel-input-in-another-unit", "kernels-in-a-circle", "qartod-without-a-test",
  "quantiles-with-slide", "slide-that-does-not-divide", "unknown-output",
  "combine-of-different-kinds", "convert-to-another-quantity", "kind-of-another-quantity",
  "limits-in-the-wrong-order", "preset-of-another-quantity", "sample-rate-of-another-sensor",
]

@Suite(
  .enabled(if: Python.hasSchemas, "python3 with jsonschema and PyYAML is not on this machine"))
struct BoardSchemaTests {
  private static func verdicts(_ version: String, _ paths: [String]) throws -> [String: String] {
    let outcome = try BoardTests.run(
      URL(fileURLWithPath: "/usr/bin/env"), ["python3", "-c", script, version] + paths,
      input: try cairn("schema").output)
    try #require(outcome.exitCode == 0, "\(outcome.errors)")
    var verdicts: [String: String] = [:]
    for line in outcome.output.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      verdicts[parts[0]] = parts[1]
    }
    return verdicts
  }

  @Test(arguments: ["1.1", "1.2"])
  func `the boards that come with the program are valid`(_ version: String) throws {
    let names = try Repository.names(in: "boards", ending: ".yaml")
    let verdicts = try Self.verdicts(version, names.map { "boards/\($0).yaml" })
    #expect(verdicts == Dictionary(uniqueKeysWithValues: names.map { ($0, "valid") }))
  }

  @Test(arguments: ["1.1", "1.2"])
  func `boards with a fault that a schema can see are invalid, others are not`(
    _ version: String
  ) throws {
    let names = try Repository.names(in: "boards/invalid", ending: ".yaml")
    let verdicts = try Self.verdicts(version, names.map { "boards/invalid/\($0).yaml" })
    for name in names {
      let verdict = try #require(verdicts[name])
      // To YAML 1.1 the number 017 is fifteen.
      if beyondSchemas.contains(name) || (name == "leading-zero" && version == "1.1") {
        #expect(verdict == "valid", "\(name)")
      } else {
        #expect(verdict.hasPrefix("invalid") || verdict == "unreadable", "\(name): \(verdict)")
      }
    }
    #expect(beyondSchemas.isSubset(of: names))
  }

  @Test(arguments: ["1.1", "1.2"])
  func `what YAML readers make of scalars is valid`(_ version: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cairn-schema-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "scalars.yaml").path
    // Numbers as words of choices, booleans, dates, numbers for names of users and chips, quotes,
    // exponents, hexadecimal numbers, empty sections, a list of one.
    let text = """
      board: { name: "cellar", location: { latitude: 4.6e1, longitude: "-14.5", altitude: -3 m } }
      simulation: { recordings: { weather: { file: good.csv, start: 2025-01-01 00:00:00, speed: 60 } } }
      buses: { i2c-1: { device: virtual }, header: { gpiochip: virtual } }
      sensors:
        air:
          driver: bme280
          on: i2c-1
          address: 0x76
          every: 1 s
          temperature-oversampling: 16
          filter: off
          channels:
          simulate: { temperature: 20, humidity: 50.5, pressure: weather.rh_pct * 100 }
        roof:
          driver: sht3x
          on: i2c-1
          address: "0x44"
          every: 1.5 min
          simulate: { temperature: 2e1, humidity: "50" }
        meter:
          driver: pulse-counter
          on: header
          line: 0x11
          active-low: yes
          bias: none
          every: 1s
          simulate: { rate: 1 }
        mains:
          driver: zero-crossing
          on: header
          line: 27
          every: 1 s
          crossings-per-cycle: 2
          channels: { frequency: { calibrate: { scale: 1, offset: -0.001 }, valid: 45..55 } }
          simulate: { frequency: 50 }
      kernels:
        low: { kind: threshold, of: mains.frequency, below: 49.5, release: "49.9", for: 0 s }
        all: { kind: statistics, of: [air.*, roof.humidity], window: 2 min, compute: mean }
      record:
      mqtt: { broker: "mqtts://broker.example", user: 1234, password-file: 12, protocol: 5 }

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let recording = try Repository.text("boards/invalid/recordings/good.csv")
    try Data(recording.utf8).write(to: folder.appending(path: "good.csv"))
    // The strict reader takes the file, so the schema must.
    let outcome = try cairn("check", path)
    #expect(outcome.errors == "")
    #expect(try Self.verdicts(version, [path]) == ["scalars": "valid"])
  }

  @Test func `examples and defaults in the schema are valid themselves`() throws {
    let script = """
      import json, sys, jsonschema
      count = 0
      def walk(schema):
          global count
          if isinstance(schema, list):
              for item in schema: walk(item)
          if not isinstance(schema, dict): return
          for value in schema.get("examples", []) + [schema[key] for key in ["default"] if key in schema]:
              jsonschema.Draft202012Validator(schema).validate(value)
              count += 1
          for value in schema.values(): walk(value)
      walk(json.load(sys.stdin))
      print(count)
      """
    let outcome = try Python.run(script, input: BoardReference.schema.text)
    #expect(outcome.errors == "")
    #expect(try #require(Int(outcome.output.dropLast())) > 50)
  }
}
