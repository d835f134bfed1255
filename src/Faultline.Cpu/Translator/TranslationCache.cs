namespace Faultline.Cpu.Translator;

/// <summary>
/// Translated code of files, for every guest process of the host process that maps the same bytes at the same address with the same processor model, at the same time or
/// later. Whoever takes code from here compares the bytes first. Thread-safe.
/// </summary>
internal static class TranslationCache
{
    /// <summary>Guest instructions kept at most, some 60 bytes of host code each; the oldest code goes first.</summary>
    private const long MaxInstructions = 500_000;

    /// <summary>Different code kept for one address: programs that are not position-independent all lie at the same.</summary>
    private const int MaxVersions = 8;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(CpuModel Model, ulong Entry), List<TranslatedCode>> s_byEntry = [];
    private static readonly Queue<(CpuModel Model, TranslatedCode Code)> s_byAge = new();
    private static long s_instructions;

    /// <summary>The code that was added last, for those who run the same at the moment.</summary>
    private static readonly TranslatedCode?[] s_latest = new TranslatedCode?[Latest];
    private const int Latest = 64;
    private static long s_added;

    /// <summary>Where regions start that somebody has compiled now.</summary>
    private static readonly HashSet<(CpuModel Model, ulong Start)> s_underWay = [];

    /// <summary>By some bits of an address, whether there was ever an entry there: most blocks of a short process are not, and need not take the lock.</summary>
    private static readonly bool[] s_seen = new bool[1 << SeenBits];
    private const int SeenBits = 16;

    /// <summary>Offers code to others.</summary>
    /// <param name="model">The processor it was made for.</param>
    /// <param name="code">The code, with its text.</param>
    public static void Add(CpuModel model, TranslatedCode code)
    {
        lock (s_lock)
        {
            s_byAge.Enqueue((model, code));
            s_instructions += code.InstructionCount;
            s_latest[s_added % Latest] = code;
            Volatile.Write(ref s_added, s_added + 1);
            foreach (ulong entry in code.Entries)
            {
                if (!s_byEntry.TryGetValue((model, entry), out List<TranslatedCode>? versions))
                    s_byEntry.Add((model, entry), versions = []);
                if (versions.Count == MaxVersions)
                    versions.RemoveAt(0);
                versions.Add(code);
                Volatile.Write(ref s_seen[SeenIndex(entry)], true);
            }
            while (s_instructions > MaxInstructions && s_byAge.TryDequeue(out (CpuModel Model, TranslatedCode Code) oldest))
                Drop(oldest.Model, oldest.Code);
        }
    }

    /// <summary>How much was added since the start: more than before when there is something new.</summary>
    public static long Added => Volatile.Read(ref s_added);

    /// <summary>What was added after a time, as far as it is remembered, for whichever processor model.</summary>
    /// <param name="seen">What <see cref="Added"/> was then; becomes what it is.</param>
    public static TranslatedCode[] Since(ref long seen)
    {
        lock (s_lock)
        {
            int count = (int)Math.Min(s_added - seen, Latest);
            TranslatedCode[] added = new TranslatedCode[count];
            for (int i = 0; i < count; i++)
                added[i] = s_latest[(s_added - count + i) % Latest]!;
            seen = s_added;
            return added;
        }
    }

    /// <summary>Says that a region is going to be compiled, until <see cref="End"/>.</summary>
    /// <returns>False when somebody is at it already.</returns>
    public static bool TryBegin(CpuModel model, ulong start)
    {
        lock (s_lock)
            return s_underWay.Add((model, start));
    }

    /// <summary>Says that it is compiled, or is not going to be.</summary>
    public static void End(CpuModel model, ulong start)
    {
        lock (s_lock)
            s_underWay.Remove((model, start));
    }

    /// <summary>Code that can be entered at an address, the newest first.</summary>
    public static TranslatedCode[] Find(CpuModel model, ulong entry)
    {
        if (!Volatile.Read(ref s_seen[SeenIndex(entry)]))
            return [];
        lock (s_lock)
        {
            if (!s_byEntry.TryGetValue((model, entry), out List<TranslatedCode>? versions))
                return [];
            TranslatedCode[] found = [.. versions];
            Array.Reverse(found);
            return found;
        }
    }

    private static int SeenIndex(ulong address) => (int)((address ^ (address >> SeenBits)) & ((1 << SeenBits) - 1));

    private static void Drop(CpuModel model, TranslatedCode code)
    {
        s_instructions -= code.InstructionCount;
        foreach (ulong entry in code.Entries)
        {
            if (s_byEntry.TryGetValue((model, entry), out List<TranslatedCode>? versions) && versions.Remove(code) && versions.Count == 0)
                s_byEntry.Remove((model, entry));
        }
    }
}
