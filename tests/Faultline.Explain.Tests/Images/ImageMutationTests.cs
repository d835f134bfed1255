using System.Diagnostics;
using System.Text.Json;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Mutation;
using Faultline.Elf.Tests.Support;
using Faultline.Explain.Findings;
using Faultline.Explain.Images;
using Faultline.Explain.Images.Layout;
using Faultline.Explain.Images.Objects;
using Faultline.Explain.Images.Segments;
using Faultline.Explain.Output;

namespace Faultline.Explain.Tests.Images;

/// <summary>Damaged objects and programs with DWARF: no exception, no hang, bounded memory. File number N is always the same on one machine.</summary>
public sealed class ImageMutationTests
{
    private const int Files = 30_000;
    private const double SecondsForOne = 3;
    private const long BytesForOne = 64 << 20;

    [ToolFact("gcc", "ld")]
    public void NothingEscapesFromDamagedImages()
    {
        using Scratch scratch = new();
        List<byte[]> bases = [File.ReadAllBytes(scratch.Purgatory("gcc", "-mcmodel=large -fno-pic", "low.S"))];
        foreach (string flags in (string[])["-gdwarf-5", "-gdwarf-4", "-gdwarf-5 -gz=zlib", "-gdwarf-5 -c"])
        {
            HostTool.Run("gcc", ["-O2", "-nostdlib", "-static", "-Wl,-emain", .. flags.Split(' '), Scratch.Source("inlined.c"), "-o", scratch["base"]]);
            bases.Add(File.ReadAllBytes(scratch["base"]));
        }
        HostTool.Run("gcc", "-c", Scratch.Source("padded.S"), "-o", scratch["base"]);
        bases.Add(File.ReadAllBytes(scratch["base"]));

        Mutator mutator = new([.. bases]);
        byte[] buffer = new byte[bases.Max(file => file.Length)];
        int sources = 0, members = 0, loads = 0, layouts = 0;
        for (int i = 0; i < Files; i++)
        {
            Random random = new(i);
            byte[] file = mutator.Mutate(random, buffer).ToArray();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            try
            {
                Exercise(file, random, ref sources, ref members, ref loads, ref layouts);
            }
            catch (Exception e)
            {
                Assert.Fail($"file {i}: {e}");
            }
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < SecondsForOne, $"file {i}: {Stopwatch.GetElapsedTime(started).TotalSeconds} s");
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated < BytesForOne, $"file {i} of {file.Length} bytes: {allocated} bytes allocated");
        }

        // The damage must leave enough whole for every reader to be reached.
        Assert.True(sources > Files / 10 && members > Files / 10 && loads > Files / 30 && layouts > Files / 10, $"{sources} {members} {loads} {layouts}");
    }

    private static void Exercise(byte[] file, Random random, ref int sources, ref int members, ref int loads, ref int layouts)
    {
        using ImageFile? image = ImageFile.Open("damaged", new MemoryElfSource(file), out _);
        if (image is null)
            return;
        ulong start = image.FindName("outer") is [var outer, ..] ? outer.Address : (ulong)random.NextInt64();
        for (int i = 0; i < 8; i++)
            sources += image.FindSource(start + (ulong)random.Next(200)).Count > 0 ? 1 : 0;
        members += image.FindMember("shape", (ulong)random.Next(64)) is null ? 0 : 1;
        _ = image.FindMembers(start + (ulong)random.Next(64), (ulong)random.Next(64));
        _ = image.FindAddress((ulong)random.NextInt64());
        if (PurgatoryLoader.Load(image, (ulong)random.NextInt64(), out _) is { } load)
        {
            IReadOnlyList<Finding> findings = PurgatoryFindings.Of(load);
            PurgatoryText.Write(TextWriter.Null, load, findings);
            loads++;
        }
        ObjectReport? report = image.IsRelocatable ? ObjectInspector.Inspect(image, null) : null;
        LoadPolicy policy = new((LoadPolicyKind)random.Next(5), LoadPolicy.HostPageSizes[random.Next(3)]);
        SegmentReport? loading = image.IsRelocatable ? null : SegmentInspector.Inspect(image, policy, start + (ulong)random.Next(0x4000));
        if (loading is not null)
        {
            using Utf8JsonWriter json = new(Stream.Null);
            InspectText.WriteJson(json, image, null, loading, loading.Findings, withSymbols: false);
            FindingText.Write(TextWriter.Null, loading.Findings);
        }
        InspectText.Write(TextWriter.Null, image, report, loading, report is null ? [] : ObjectInspector.Findings(image, report), withSymbols: true);
        if (LayoutReader.Read(image, out _) is { } layout)
        {
            LayoutText.Write(TextWriter.Null, image, layout, LayoutFindings.Of(image, layout), lists: true);
            layouts++;
        }
    }
}
