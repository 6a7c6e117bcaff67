import Foundation
import Testing

/// The floors of the house: a module imports only from below.
@Suite struct FloorTests {
  /// The floor of every target that ships; a target that is not here fails the test.
  static let floors: [String: Int] = [
    "Quantities": 0, "Buses": 0, "JSONText": 0, "Kernels": 0, "Configuration": 0,
    "MerkleLog": 0, "Evidence": 0,
    "Drivers": 1, "Board": 1, "VirtualHardware": 1,
    "Runtime": 2, "Replay": 2,
    "LinuxI2C": 3, "LinuxGPIO": 3, "LinuxKernelDevices": 3, "LinuxPlatform": 3,
    "LogDirectory": 3, "MQTTTransport": 3, "HTTPTransport": 3, "BoardYAML": 3,
    "cairn": 4,
  ]

  /// What may be imported from one's own floor.
  static let neighbours: [String: Set<String>] = [
    "Configuration": ["Quantities", "JSONText"],
    "Evidence": ["MerkleLog", "JSONText"],
    "Board": ["Drivers"],
  ]

  /// What may be imported from other packages; on floor 0 that is Crypto and nothing else.
  static let products: [String: Set<String>] = [
    "MerkleLog": ["Crypto"],
    "Evidence": ["Crypto"],
    "Runtime": ["Logging", "ServiceLifecycle"],
    "cairn": ["ArgumentParser", "Crypto", "Logging", "ServiceLifecycle", "UnixSignals"],
  ]

  /// C modules, which floors 3 and 4 may import.
  static let shims: Set<String> = ["CGPIO", "CI2C", "CPlatform", "CMosquitto", "CYAML", "CCurl"]

  /// Test doubles, which ship as products, with what they are doubles for.
  static let doubles: [String: Set<String>] = [
    "BusesTesting": ["Buses"],
    "RuntimeTesting": ["Board", "Buses", "Evidence", "MerkleLog", "Runtime"],
    "BrokerTesting": ["MQTTTransport"],
    "FuzzTargets": [
      "Board", "BoardYAML", "Configuration", "Evidence", "LogDirectory", "MerkleLog",
    ],
  ]

  /// Where the sources of a target are, if not in its folder below Sources.
  static let folders = [
    "BrokerTesting": "Tests/BrokerTesting", "FuzzTargets": "Fuzzing/FuzzTargets",
  ]

  struct Package: Decodable {
    let targets: [Target]
  }

  struct Target: Decodable {
    let name: String
    let type: String
    let dependencies: [Dependency]
  }

  /// A dependency as `dump-package` writes it: `{"byName": [name, condition]}`, or `product` or
  /// `target` with the name first.
  struct Dependency: Decodable {
    let name: String
    let isProduct: Bool

    enum Key: String, CodingKey, CaseIterable {
      case byName, product, target
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      let key = try #require(values.allKeys.first)
      var parts = try values.nestedUnkeyedContainer(forKey: key)
      name = try parts.decode(String.self)
      isProduct = key == .product
    }
  }

  static func package() throws -> Package {
    // The running test holds the lock of its own build folder, so this takes another one.
    let answer = try Repository.run([
      "swift", "package", "--disable-sandbox", "--scratch-path", ".build-dump", "dump-package",
    ])
    try #require(answer.status == 0, "\(answer.errors)")
    return try JSONDecoder().decode(Package.self, from: answer.output)
  }

  @Test func `every module imports from lower floors only`() throws {
    let package = try Self.package()
    let shipped = package.targets.filter { $0.type != "test" && Self.doubles[$0.name] == nil }
    #expect(shipped.count == Self.floors.count + Self.shims.count)
    for target in shipped where !Self.shims.contains(target.name) {
      guard let floor = Self.floors[target.name] else {
        Issue.record("\(target.name) has no floor: add it to the table")
        continue
      }
      for dependency in target.dependencies {
        let what = "\(target.name) (floor \(floor)) imports \(dependency.name)"
        if dependency.isProduct {
          #expect(Self.products[target.name]?.contains(dependency.name) == true, "\(what)")
        } else if Self.shims.contains(dependency.name) {
          #expect(floor >= 3, "\(what), a C module")
        } else if Self.neighbours[target.name]?.contains(dependency.name) != true {
          let below = try #require(Self.floors[dependency.name], "\(what), which has no floor")
          #expect(below < floor, "\(what) of floor \(below)")
        }
      }
    }
  }

  @Test func `the ground floor has Crypto and nothing else from outside`() {
    for (module, products) in Self.products where Self.floors[module] == 0 {
      #expect(products == ["Crypto"], "\(module)")
    }
  }

  @Test func `C modules import nothing, and each is imported where its library is wrapped`() throws
  {
    let package = try Self.package()
    for target in package.targets where Self.shims.contains(target.name) {
      #expect(target.dependencies.map(\.name) == [], "\(target.name)")
    }
    // Only what talks to the system on many sides shares a shim.
    for shim in Self.shims where shim != "CPlatform" {
      let users = package.targets.filter { target in
        target.type != "test" && target.dependencies.contains { $0.name == shim }
      }
      #expect(users.count == 1, "\(shim) is imported by \(users.map(\.name))")
    }
  }

  @Test func `a module that ships never imports a test double`() throws {
    let package = try Self.package()
    for target in package.targets where target.type != "test" {
      if let allowed = Self.doubles[target.name] {
        #expect(Set(target.dependencies.map(\.name)).isSubset(of: allowed), "\(target.name)")
      } else {
        for dependency in target.dependencies {
          #expect(Self.doubles[dependency.name] == nil, "\(target.name) imports \(dependency.name)")
        }
      }
    }
  }

  @Test func `a source file imports only what its target declares`() throws {
    // The build checks it too, where it is told to; this check needs no build.
    let package = try Self.package()
    let modules = Set(Self.floors.keys).union(Self.shims).union(Self.doubles.keys)
    for target in package.targets where target.type != "test" && target.type != "system-target" {
      let declared = Set(target.dependencies.map(\.name))
      for file in try Repository.swiftFiles(
        below: Self.folders[target.name] ?? "Sources/\(target.name)")
      {
        for line in file.lines {
          let words = line.split(separator: " ")
          guard let index = words.firstIndex(of: "import"),
            words[..<index].allSatisfy({
              ["public", "internal", "private", "fileprivate", "package", "@testable"].contains($0)
            }), index + 1 < words.count
          else { continue }
          let module = String(words[index + 1])
          guard modules.contains(module) else { continue }
          #expect(declared.contains(module), "\(file.path): \(line)")
        }
      }
    }
  }
}
