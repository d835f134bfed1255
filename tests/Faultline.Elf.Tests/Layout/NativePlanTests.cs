using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Layout;

/// <summary>
/// Made-up programs with odd, overlapping segments, loaded by Linux and by our plan: the same pages, the same protection, the same bytes.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NativePlanTests
{
    private const int Programs = 80;
    private const ulong First = 0x400000;
    private const int Pages = 24;
    private const ulong CodePage = 0x500000;

    [NativeFact]
    public void LoadsAsLinuxDoes()
    {
        int overlaps = 0;
        int zeroFills = 0;
        for (int seed = 0; seed < Programs; seed++)
        {
            byte[] file = Make(new Random(seed));
            ElfFile elf = ElfFile.Open(new MemoryElfSource(file), out _)!;
            ElfImageLayout? layout = ElfImageLayout.Create(elf, ElfRole.Program, out ElfError error);
            Assert.True(layout is not null, error.ToString());
            List<LoadStep> plan = LoadPlan.ForLinux(layout);
            SortedDictionary<ulong, (LoadProtection Protection, byte[] Bytes)> expected = Load(plan, file, ref overlaps);
            zeroFills += plan.Count(step => step.Kind == LoadStepKind.ZeroFill);
            CompareWithLinux(seed, file, expected);
        }

        Assert.True(overlaps > 20 && zeroFills > 20, $"{overlaps} overlapping pages, {zeroFills} zero fills");
    }

    /// <summary>One to four segments anywhere in 24 pages, then one with the code, all file bytes non-zero.</summary>
    private static byte[] Make(Random random)
    {
        ElfBuilder builder = new() { Entry = CodePage };
        for (int count = 1 + random.Next(4); count > 0; count--)
        {
            ulong inPage = (ulong)random.Next(2) * (ulong)random.Next(0x1000);
            ulong address = First + ((ulong)random.Next(8) * 0x1000) + inPage;
            ulong fileSize = (ulong)(random.Next(6) == 0 ? 0 : random.Next(0x3000));
            ulong memorySize = fileSize + (ulong)(random.Next(3) == 0 ? 0 : random.Next(0x3000));
            uint flags = (uint)random.Next(1, 8);
            builder.Segment(SegmentType.PT_LOAD, flags, ((ulong)random.Next(4) * 0x1000) + inPage, address, fileSize, memorySize);
        }

        byte[] contents = new byte[0xa000];
        random.NextBytes(contents);
        for (int i = 0; i < contents.Length; i++)
        {
            contents[i] |= 1;
        }

        NativeExec.PauseLoop.CopyTo(contents, 0x9000);
        byte[] file = builder.Segment(SegmentType.PT_LOAD, 5, 0x9000, CodePage, 0x1000, 0x1000).Bytes(0x1000, contents[0x1000..]).Build();
        return file;
    }

    private static SortedDictionary<ulong, (LoadProtection Protection, byte[] Bytes)> Load(List<LoadStep> plan, byte[] file, ref int overlaps)
    {
        SortedDictionary<ulong, (LoadProtection Protection, byte[] Bytes)> pages = [];
        foreach (LoadStep step in plan)
        {
            if (step.Kind == LoadStepKind.ZeroFill)
            {
                ulong page = ElfPage.Start(step.Address);
                pages[page].Bytes.AsSpan((int)(step.Address - page), (int)step.Length).Clear();
                continue;
            }

            for (ulong done = 0; done < step.Length; done += ElfPage.Size)
            {
                byte[] bytes = new byte[ElfPage.Size];
                if (step.Kind == LoadStepKind.MapFile)
                {
                    file.AsSpan((int)(step.FileOffset + done), bytes.Length).CopyTo(bytes);
                }

                overlaps += pages.ContainsKey(step.Address + done) ? 1 : 0;
                pages[step.Address + done] = (step.Protection, bytes);
            }
        }

        return pages;
    }

    private static void CompareWithLinux(int seed, byte[] file, SortedDictionary<ulong, (LoadProtection Protection, byte[] Bytes)> expected)
    {
        string path = NativeExec.Write(file);
        Process? process = null;
        try
        {
            process = NativeExec.Start(path, out int errno);
            Assert.True(process is not null, $"program {seed}: errno {errno}");
            SortedDictionary<ulong, LoadProtection> actual = WaitForMaps(process.Id);
            Assert.True(
                expected.Select(page => (page.Key, page.Value.Protection)).SequenceEqual(actual.Select(page => (page.Key, page.Value))),
                $"program {seed}: other pages or protection");
            using FileStream memory = new($"/proc/{process.Id}/mem", FileMode.Open, FileAccess.Read);
            byte[] bytes = new byte[ElfPage.Size];
            foreach ((ulong page, (_, byte[] contents)) in expected)
            {
                memory.Position = (long)page;
                memory.ReadExactly(bytes);
                Assert.True(contents.AsSpan().SequenceEqual(bytes), $"program {seed}: other bytes in page {page:x}");
            }
        }
        finally
        {
            process?.Kill();
            process?.WaitForExit();
            process?.Dispose();
            File.Delete(path);
        }
    }

    /// <summary>
    /// The process counts as started when exec closes its descriptors, which is before it maps anything. The code is in the last segment and
    /// therefore mapped last.
    /// </summary>
    private static SortedDictionary<ulong, LoadProtection> WaitForMaps(int id)
    {
        SortedDictionary<ulong, LoadProtection> pages = ReadMaps(id);
        for (int tries = 0; tries < 500 && !pages.ContainsKey(CodePage); tries++)
        {
            Thread.Sleep(5);
            pages = ReadMaps(id);
        }

        return pages;
    }

    private static SortedDictionary<ulong, LoadProtection> ReadMaps(int id)
    {
        SortedDictionary<ulong, LoadProtection> pages = [];
        foreach (string line in File.ReadLines($"/proc/{id}/maps"))
        {
            string[] cells = line.Split([' ', '-'], 4);
            ulong start = ulong.Parse(cells[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ulong end = ulong.Parse(cells[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (line.EndsWith("[heap]", StringComparison.Ordinal) || start >= CodePage + (Pages * ElfPage.Size))
            {
                continue;
            }

            // maps writes "r-xp"; the '-' inside it makes the split one cell longer.
            string flags = line[(cells[0].Length + cells[1].Length + 2)..][..3];
            LoadProtection protection = (flags[0] == 'r' ? LoadProtection.PROT_READ : 0)
                | (flags[1] == 'w' ? LoadProtection.PROT_WRITE : 0)
                | (flags[2] == 'x' ? LoadProtection.PROT_EXEC : 0);
            for (ulong page = start; page < end; page += ElfPage.Size)
            {
                pages[page] = protection;
            }
        }

        return pages;
    }
}
