using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Faultline.Elf.Tests.Layout;

/// <summary>What holds of policies over random program headers. The plans are carried out by a model of memory that the plans' code knows nothing of.</summary>
public sealed class LoadPolicyPropertyTests
{
    private const int FileLength = 0x40000;

    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(600);

    private static readonly Arbitrary<int> _seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    /// <summary>Never zero: a byte that is lost cannot look like one that was cleared.</summary>
    private static readonly byte[] _contents = [.. Enumerable.Range(0, FileLength).Select(i => (byte)(1 + (i * 31 + (i >> 8)) % 255))];

    /// <summary>Segments as linkers lay them out: ascending, no two in one 4 KiB page.</summary>
    [Fact]
    public void OnlyBrokenPoliciesLoseBytesOfSegmentsThat4KibPagesKeepApart() => Check.One(_config, Prop.ForAll(_seeds, seed =>
    {
        Image image = Image.Random(seed, isOrderly: true);
        foreach (LoadPolicy policy in Policies().Where(policy => !policy.IsBroken))
        {
            Model memory = new(image, policy);
            foreach (LoadSegment segment in image.Layout.Segments)
            {
                for (ulong at = segment.Address; at < segment.End; at++)
                {
                    bool isTail = at >= segment.FileEnd;
                    // Linux leaves the file's bytes in the tail of a read-only segment's last page (padzero fails and is ignored).
                    bool isLeft = isTail && policy.Kind == LoadPolicyKind.Linux && (segment.Protection & LoadProtection.PROT_WRITE) == 0;
                    if (!isLeft && memory[at] != (isTail ? 0 : _contents[segment.Offset + at - segment.Address]))
                        return false.Label($"{policy}: segment {segment.Index}, 0x{at:x} is {memory[at]}");
                }
            }
        }

        return true.ToProperty();
    }));

    /// <summary>Any headers, overlapping and in any order: later segments win, and then every sound policy leaves the same.</summary>
    [Fact]
    public void SoundPoliciesAgreeOnEveryByteOfEverySegment() => Check.One(_config, Prop.ForAll(_seeds, seed =>
    {
        Image image = Image.Random(seed, isOrderly: false);
        Model expected = new(image, new LoadPolicy(LoadPolicyKind.GuestPage, ElfPage.Size));
        foreach (LoadPolicy policy in Policies().Where(policy => !policy.IsBroken && policy.Kind != LoadPolicyKind.Linux))
        {
            Model memory = new(image, policy);
            foreach (LoadSegment segment in image.Layout.Segments)
            {
                for (ulong at = segment.Address; at < segment.End; at++)
                {
                    if (memory[at] != expected[at])
                        return false.Label($"{policy}: 0x{at:x} is {memory[at]}, not {expected[at]}");
                }
            }
        }

        return true.ToProperty();
    }));

    /// <summary>Whatever a policy loses is among the damages, byte for byte, and nothing else is; and the history of each byte ends in what is there.</summary>
    [Fact]
    public void DamageIsExactlyWhatIsLost() => Check.One(_config, Prop.ForAll(_seeds, seed =>
    {
        Image image = Image.Random(seed, isOrderly: true);
        Random random = new(seed);
        foreach (LoadPolicy policy in Policies())
        {
            LoadHistory history = new(image.File, image.Layout, policy);
            IReadOnlyList<LoadDamage> damages = history.FindDamage();
            Model memory = new(image, policy);
            foreach (LoadSegment segment in image.Layout.Segments)
            {
                HashSet<ulong> lost = [];
                bool keepsTail = policy.Kind == LoadPolicyKind.Linux && (segment.Protection & LoadProtection.PROT_WRITE) == 0;
                for (ulong at = segment.Address; at < (keepsTail ? segment.FileEnd : segment.End); at++)
                {
                    if (memory[at] != (at < segment.FileEnd ? _contents[segment.Offset + at - segment.Address] : 0))
                        lost.Add(at);
                }
                HashSet<ulong> told = [];
                foreach (LoadDamage damage in damages.Where(d => d.Segment.Index == segment.Index && d.Differing > 0))
                {
                    for (ulong at = damage.From; at < damage.To; at++)
                        told.Add(at);
                    if (!lost.Contains(damage.FirstDifference))
                        return false.Label($"{policy}: 0x{damage.FirstDifference:x} is not lost");
                }
                if (!lost.IsSubsetOf(told) || (lost.Count == 0 && told.Count > 0))
                    return false.Label($"{policy}: {lost.Count} lost, {told.Count} told");
                if (segment.MemorySize == 0)
                    continue;
                ulong some = segment.Address + (ulong)random.NextInt64((long)segment.MemorySize);
                AddressHistory address = history.Explain(some);
                if (address.Loaded[0] != memory[some] || address.Writers[^1].Left[0] != memory[some])
                    return false.Label($"{policy}: the history of 0x{some:x} ends in {address.Loaded[0]}, not {memory[some]}");
            }
        }

        return true.ToProperty();
    }));

    private static IEnumerable<LoadPolicy> Policies() =>
        from kind in Enum.GetValues<LoadPolicyKind>() from size in LoadPolicy.HostPageSizes select new LoadPolicy(kind, size);

    /// <summary>A program with random headers.</summary>
    private sealed record Image(byte[] Bytes, ElfFile File, ElfImageLayout Layout)
    {
        private static readonly ulong[] _alignments = [0, 1, 0x10, 0x1000, 0x4000, 0x4000, 0x1_0000, 0x1_0000, 0x20_0000, 0x6000];

        public static Image Random(int seed, bool isOrderly)
        {
            Random random = new(seed);
            ElfBuilder builder = new() { MinimumLength = FileLength };
            builder.Bytes(0x1000, _contents[0x1000..]);
            ulong next = 0x40_0000 + (ulong)random.Next(16) * ElfPage.Size;
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                ulong inPage = (ulong)(random.Next(3) == 0 ? 0 : random.Next(4096));
                ulong fileSize = (ulong)(random.Next(8) == 0 ? 0 : random.Next(1, 0x5000));
                ulong memorySize = fileSize + (ulong)(random.Next(2) == 0 ? 0 : random.Next(0x6000));
                ulong address = (isOrderly ? next : 0x40_0000 + (ulong)random.Next(24) * ElfPage.Size) + inPage;
                ulong offset = (ulong)random.Next(1, 48) * ElfPage.Size + inPage;
                if (random.Next(2) == 0)
                    offset = (offset & ~0xffffUL) + 0x1_0000 + (address & 0xffff) is var congruent && congruent < 0x3_8000 ? congruent : offset;
                builder.Segment(SegmentType.PT_LOAD, 4U + (uint)random.Next(4), offset, address, fileSize, memorySize, _alignments[random.Next(_alignments.Length)]);
                next = ElfPage.Align(address + memorySize) + (ulong)random.Next(random.Next(20)) * ElfPage.Size;
                next = Math.Max(next, ElfPage.Align(address + 1));
            }
            byte[] bytes = builder.Build();
            ElfFile file = ElfFile.Open(new MemoryElfSource(bytes), ElfRole.Program, out ElfError error) ?? throw new InvalidOperationException(error.ToString());
            return new Image(bytes, file, ElfImageLayout.Create(file, ElfRole.Program, out error) ?? throw new InvalidOperationException(error.ToString()));
        }
    }

    /// <summary>Memory as pages of bytes, and what mmap(2) and memset(3) do to it.</summary>
    private sealed class Model
    {
        private readonly Dictionary<ulong, byte[]> _pages = [];

        public Model(Image image, LoadPolicy policy)
        {
            foreach (LoadStep step in LoadPlan.Create(image.Layout, policy))
            {
                for (ulong page = ElfPage.Start(step.Address); page < step.End; page += ElfPage.Size)
                {
                    if (step.Kind == LoadStepKind.ZeroFill)
                    {
                        ulong from = Math.Max(page, step.Address);
                        _pages[page].AsSpan((int)(from - page), (int)(Math.Min(page + ElfPage.Size, step.End) - from)).Clear();
                        continue;
                    }
                    byte[] bytes = new byte[ElfPage.Size];
                    ulong offset = step.FileOffset + (page - step.Address);
                    if (step.Kind == LoadStepKind.MapFile && offset < FileLength)
                        image.Bytes.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
                    _pages[page] = bytes;
                }
            }
        }

        /// <summary>A byte; -1 where nothing is mapped.</summary>
        public int this[ulong address] => _pages.TryGetValue(ElfPage.Start(address), out byte[]? page) ? page[ElfPage.Offset(address)] : -1;
    }
}
