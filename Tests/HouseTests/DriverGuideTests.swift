import Foundation
import Testing

/// The guide shows a driver as it is.
@Suite struct DriverGuideTests {
  @Test func `the listing in the guide is the driver's file`() throws {
    let guide = try Repository.text("docs/adding-a-driver.md")
    let listings = guide.components(separatedBy: "```swift\n").dropFirst()
    #expect(listings.count == 1)
    let listing = try #require(listings.first?.components(separatedBy: "```").first)
    #expect(listing == (try Repository.text("Sources/Drivers/SHT4x/SHT4x.swift")))
  }
}
