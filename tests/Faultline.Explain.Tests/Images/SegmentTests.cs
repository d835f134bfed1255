using System.Text.Json;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Segments;

namespace Faultline.Explain.Tests.Images;

/// <summary>What <c>inspect</c> says of segments.</summary>
public sealed class SegmentTests
{
    private static readonly LoadPolicy _broken = new(LoadPolicyKind.HostPage, 0x4000);

    [Fact]
    public void TheBytesThatWideningDestroysAreShown()
    {
        SegmentReport report = Inspect(Case());
        Finding finding = Assert.Single(report.Findings, f => f.Id == "widening-destroys-bytes");
        Assert.Contains("16 KiB", finding.Title, StringComparison.Ordinal);
        Assert.Contains("0x60ec000 to 0x60ec1a0 of segment 1", finding.Observed, StringComparison.Ordinal);
        Assert.Contains("segment 2 is widened from 0x60ed000 down to 0x60ec000: 416 bytes", finding.Observed, StringComparison.Ordinal);
        Assert.Equal((0x22000UL, (byte)0xcc), (finding.Evidence[0].FileOffset, finding.Evidence[0].Bytes.Span[0]));
        Assert.Equal(0, finding.Evidence[1].Bytes.Span[0]);
        Assert.True(report.HasFaults);
    }

    [Fact]
    public void ASmallAlignmentIsNoFaultThoughPagesAreShared()
    {
        SegmentReport report = Inspect(Case(0x1000));
        Assert.Equal([SegmentFindings.SharedId], report.Findings.Select(f => f.Id));
        Assert.False(report.HasFaults);
        Assert.Equal([0, 1, 1], report.SharedPages.Select(pages => pages.Count));
        Assert.Equal((0x60ec000UL, "rwx"), (report.SharedPages[1][0].Address, LoadText.Rights(report.SharedPages[1][0].Rights)));
    }

    [Fact]
    public void SharedPagesAreDrawn()
    {
        StringWriter text = new() { NewLine = "\n" };
        SegmentText.WriteLayout(text, Inspect(Case()));
        Assert.Equal(
            """
             4 KiB pages: no segments share one
            16 KiB pages: segments share one
              60ec000-60f0000, rwx together
                [#+..............] segment 1 r-x 60ec000-60ec1a0
                [<<<<+###########] segment 2 rw- 60ed1a0-60f0000
            64 KiB pages: segments share one
              60e0000-60f0000, rwx together
                [...........++...] segment 1 r-x 60eb400-60ec1a0
                [.............+##] segment 2 rw- 60ed1a0-60f0000

            """.Replace("[#+..............] segment 1 r-x 60ec000", "[+...............] segment 1 r-x 60ec000", StringComparison.Ordinal),
            text.ToString());
    }

    [Fact]
    public void AnAddressHasItsHistory()
    {
        SegmentReport report = Inspect(Case(), _broken, 0x60ec120);
        Assert.True(report.Address!.IsDestroyed);
        StringWriter text = new() { NewLine = "\n" };
        SegmentText.WriteLayout(text, report);
        Assert.Contains("0x60ec120 belongs to segment 1 (r-x, 0x60eb400-0x60ec1a0), offset 0x22120 of the file\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("\nthe segment has:  cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc  int3\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("  add byte ptr [rax], al\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("the loader, not the program, is at fault\n", text.ToString(), StringComparison.Ordinal);

        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            SegmentText.WriteJson(writer, report);
            writer.WriteEndObject();
        }
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement address = document.RootElement.GetProperty("address");
        Assert.True(address.GetProperty("destroyed").GetBoolean());
        Assert.Equal("0x22120", address.GetProperty("fileOffset").GetString());
        Assert.Equal([1, 2], address.GetProperty("writers").EnumerateArray().Select(writer => writer.GetProperty("segment").GetInt32()));
        Assert.Equal("0x60ec000", document.RootElement.GetProperty("plan").GetProperty("destroyed")[0].GetProperty("from").GetString());

        Assert.False(Inspect(Case(), new LoadPolicy(LoadPolicyKind.HostPageUnlessOverlap, 0x4000), 0x60ec120).Address!.IsDestroyed);
        Assert.Null(Inspect(Case(), _broken, 0x7000000).Address!.Segment);
    }

    [Fact]
    public void SegmentsInOnePageOf4KibDestroyEachOther()
    {
        // The second maps its own page of the file over the end of the first.
        SegmentReport report = Inspect(Simple().Segment(SegmentType.PT_LOAD, 6, 0x2800, 0x400800, 0x100, 0x100));
        Assert.Contains(report.Findings, f => f.Id == "segments-destroy-each-other");
        // The same bytes of the file at the same addresses: nothing is lost.
        report = Inspect(new ElfBuilder { MinimumLength = 0x3000 }
            .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x700, 0x700)
            .Segment(SegmentType.PT_LOAD, 6, 0x800, 0x400800, 0x100, 0x100));
        Assert.DoesNotContain(report.Findings, f => f.Id == "segments-destroy-each-other");
    }

    public static TheoryData<string, bool, string> Oddities() => new()
    {
        { "segment-writable-and-executable", true, "rwx" },
        { "segment-writable-and-executable", false, "rw" },
        { "stack-executable", true, "stack7" },
        { "stack-executable", false, "stack6" },
        { "segments-overlap", true, "overlap" },
        { "segments-overlap", false, "rw" },
        { "segments-out-of-order", true, "down" },
        { "segments-out-of-order", false, "rw" },
        { "header-misaligned", true, "incongruent" },
        { "header-misaligned", true, "alignment-3000" },
        { "header-misaligned", false, "rw" },
        { "file-truncated", true, "truncated" },
        { "file-truncated", false, "rw" },
        { "headers-not-loaded", true, "phdr-elsewhere" },
        { "headers-not-loaded", false, "phdr" },
        { "tls-odd", true, "tls-twice" },
        { "tls-odd", true, "tls-unaligned" },
        { "tls-odd", true, "tls-elsewhere" },
        { "tls-odd", false, "tls" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void OddHeadersAreFound(string id, bool isFound, string kind)
    {
        ElfBuilder builder = Simple();
        _ = kind switch
        {
            "rwx" => builder.Segment(SegmentType.PT_LOAD, 7, 0x2000, 0x402000, 0x100, 0x100),
            "rw" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x402000, 0x100, 0x100),
            "stack7" => builder.Segment(SegmentType.PT_GNU_STACK, 7, 0, 0, 0, 0),
            "stack6" => builder.Segment(SegmentType.PT_GNU_STACK, 6, 0, 0, 0, 0),
            "overlap" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x400000, 0x100, 0x100),
            "down" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x3f0000, 0x100, 0x100),
            "incongruent" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x411000, 0x100, 0x100, 0x10000),
            "alignment-3000" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x411000, 0x100, 0x100, 0x3000),
            "truncated" => builder.Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x411000, 0x9000, 0x9000),
            "phdr" => builder.Segment(SegmentType.PT_PHDR, 4, 0x40, 0x400040, 0x70, 0x70, 8),
            "phdr-elsewhere" => builder.Segment(SegmentType.PT_PHDR, 4, 0x40, 0x800040, 0x70, 0x70, 8),
            "tls" => builder.Segment(SegmentType.PT_TLS, 4, 0x40, 0x400040, 0x10, 0x20, 8),
            "tls-unaligned" => builder.Segment(SegmentType.PT_TLS, 4, 0x44, 0x400044, 0x10, 0x20, 8),
            "tls-elsewhere" => builder.Segment(SegmentType.PT_TLS, 4, 0x44, 0x900040, 0x10, 0x20, 8),
            _ => builder.Segment(SegmentType.PT_TLS, 4, 0x40, 0x400040, 0x10, 0x20, 8).Segment(SegmentType.PT_TLS, 4, 0x40, 0x400040, 0x10, 0x20, 8),
        };
        Assert.Equal(isFound, Inspect(builder).Findings.Any(f => f.Id == id));
    }

    [Theory]
    [InlineData(8, 0x3010, "")] // R_X86_64_RELATIVE into data
    [InlineData(8, 0x1010, "text-relocations")]
    [InlineData(10, 0x3010, "relocation-range")] // R_X86_64_32
    [InlineData(2, 0x3010, "relocation-range")] // R_X86_64_PC32
    public void RelocationsAreChecked(uint type, ulong place, string expected)
    {
        byte[] entry = new byte[24];
        BitConverter.TryWriteBytes(entry, place);
        BitConverter.TryWriteBytes(entry.AsSpan(8), (ulong)type);
        SegmentReport report = Inspect(new ElfBuilder { Type = 3, MinimumLength = 0x6000, SectionHeaderOffset = 0x4000 }
            .Segment(SegmentType.PT_LOAD, 5, 0, 0, 0x2000, 0x2000)
            .Segment(SegmentType.PT_LOAD, 6, 0x3000, 0x3000, 0x800, 0x800)
            .Section(1, 0, SectionType.SHT_RELA, 0x800, 0x800, 24, entrySize: 24)
            .Bytes(0x800, entry));
        Assert.Equal(expected, string.Join(' ', report.Findings.Select(f => f.Id).Where(id => id != SegmentFindings.SharedId)));
    }

    [Fact]
    public void WhatLinuxRefusesIsSaid()
    {
        SegmentReport report = Inspect(Simple().Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x402800, 0x100, 0x100));
        Assert.Null(report.Layout);
        Assert.Contains("differ within their page", report.Refusal, StringComparison.Ordinal);
    }

    private static ElfBuilder Simple() => new ElfBuilder { MinimumLength = 0x3000 }.Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x1000, 0x1000);

    private static ElfBuilder Case(ulong alignment = 0x4000) => new ElfBuilder { MinimumLength = 0x26000 }
        .Segment(SegmentType.PT_LOAD, 4, 0, 0x6000000, 0x800, 0x800)
        .Segment(SegmentType.PT_LOAD, 5, 0x21400, 0x60eb400, 0xda0, 0xda0)
        .Segment(SegmentType.PT_LOAD, 6, 0x251a0, 0x60ed1a0, 0x200, 0x3000, alignment)
        .Bytes(0x21400, [.. Enumerable.Repeat((byte)0xcc, 0xda0)]);

    private static SegmentReport Inspect(ElfBuilder builder, LoadPolicy? policy = null, ulong? address = null)
    {
        using ImageFile? image = ImageFile.Open("program", new MemoryElfSource(builder.Build()), out string problem);
        Assert.True(image is not null, problem);
        SegmentReport? report = SegmentInspector.Inspect(image, policy, address);
        Assert.NotNull(report);
        return report;
    }
}
