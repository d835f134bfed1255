using System.Globalization;
using System.Text.RegularExpressions;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Tests.Differential;
using Iced.Intel;

namespace Faultline.Cpu.Tests.WeakSpots;

/// <summary>
/// A few instructions by their bytes, what they start from and what they must end in, as text. The interpreter's outcome is compared with the text on
/// every host, and with the host processor's own outcome where that is an AMD processor and has the instructions: others decide some of it differently.
/// </summary>
/// <remarks>
/// Text is a list of <c>name=value</c>: <c>rax</c> to <c>r15</c>, <c>flags</c> (status flags and DF), <c>rip</c>, <c>trap</c> (vector), <c>error</c>, <c>cr2</c>,
/// <c>mxcsr</c>, <c>fcw</c>, <c>fsw</c> (before st), <c>ftw</c> (abridged), <c>st0=3fff:8000000000000000</c>, <c>xmm0</c>, <c>ymm0</c> (highest byte first), and
/// <c>[address]</c> with bytes in memory order. Numbers are hexadecimal sums of terms; <c>@c</c> is the first instruction, <c>@n</c> the end of the code region,
/// <c>@d</c> and <c>@e</c> start and end of the data region (unmapped on both sides), <c>@s</c> the stack pointer. A case without <c>trap</c> must come to its end.
/// </remarks>
internal static unsafe partial class Spot
{
    private const ulong CodeEnd = Scratch.Code + Scratch.CodeSize;
    private const ulong DefaultRip = Scratch.Code + 0x800;

    private static readonly string[] s_gprs =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    /// <summary>Runs the code here and on the host and checks both.</summary>
    public static void Check(string hex, string before, string after) => Run(hex, before, after, onHost: true);

    /// <summary>The same for what processors do differently: the text alone decides.</summary>
    public static void CheckHere(string hex, string before, string after) => Run(hex, before, after, onHost: false);

    private static void Run(string hex, string before, string after, bool onHost)
    {
        DiffCase test = new() { Name = hex, Rip = DefaultRip };
        test.Bytes.AddRange(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Prepare(test, before);
        bool isNative = Decode(test) && onHost && NativeRunner.IsSupported && HostFeatures.DecidesAlike;

        MachineState end = test.Initial;
        byte[] data = (byte[])test.Data.Clone();
        using (GuestRunner guest = new())
            guest.Run(test, ref end, data);
        List<string> wrong = [];
        string expected = after.Contains("trap=", StringComparison.Ordinal) ? after : $"trap=3 rip=@c+{test.Bytes.Count + 1:x} {after}";
        foreach ((string name, string value) in Fields(expected))
        {
            string found = Show(test, ref end, data, name, value);
            string wanted = Normalize(test, name, value);
            if (found != wanted)
                wrong.Add($"    {name}: expected {wanted} here {found}");
        }
        if (isNative)
        {
            using DifferentialRunner runner = new();
            wrong.AddRange(runner.Differences(test));
        }
        Assert.True(wrong.Count == 0, $"{hex}\n  {before}\n{string.Join('\n', wrong)}");
    }

    private static void Prepare(DiffCase test, string before)
    {
        ref MachineState s = ref test.Initial;
        s.Gpr[4] = Scratch.Stack;
        s.Rflags = Rflags.Fixed | Rflags.IF;
        s.GsBase = Scratch.GsBase;
        s.X87Control = 0x37f;
        s.Mxcsr = 0x1f80;
        foreach ((string name, string value) in Fields(before))
        {
            int gpr = Array.IndexOf(s_gprs, name);
            if (gpr >= 0)
                s.Gpr[gpr] = Number(test, value);
            else if (name[0] == '[')
                Convert.FromHexString(value).CopyTo(test.Data, (int)(Number(test, name[1..^1]) - Scratch.Data));
            else if (name.StartsWith("st", StringComparison.Ordinal))
                SetSt(ref s, name[2] - '0', value);
            else if (name[1..].StartsWith("mm", StringComparison.Ordinal))
                SetVector(ref s, int.Parse(name.AsSpan(3)), value);
            else
                SetControl(test, name, Number(test, value));
        }
    }

    private static void SetControl(DiffCase test, string name, ulong value)
    {
        ref MachineState s = ref test.Initial;
        switch (name)
        {
            case "flags": s.Rflags = value | Rflags.Fixed | Rflags.IF; break;
            case "rip": test.Rip = value; break;
            case "mxcsr": s.Mxcsr = (uint)value; break;
            case "fcw": s.X87Control = (ushort)value; break;
            case "fsw": s.X87Status = (ushort)value; break;
            case "ftw": s.X87Tag = (byte)value; break;
            default: throw new ArgumentException(name);
        }
    }

    private static void SetSt(ref MachineState s, int number, string value)
    {
        s.X87Tag |= (byte)(1 << ((((s.X87Status >> 11) & 7) + number) & 7));
        string[] parts = value.Split(':');
        fixed (byte* p = s.Fx)
        {
            *(ulong*)(p + MachineState.StOffset + 16 * number) = ulong.Parse(parts[1], NumberStyles.HexNumber);
            *(ushort*)(p + MachineState.StOffset + 16 * number + 8) = ushort.Parse(parts[0], NumberStyles.HexNumber);
        }
    }

    private static void SetVector(ref MachineState s, int number, string value)
    {
        byte[] bytes = Convert.FromHexString(value);
        Array.Reverse(bytes);
        fixed (byte* p = s.Ymm)
            bytes.CopyTo(new Span<byte>(p + 32 * number, 32));
    }

    private static bool Decode(DiffCase test)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader([.. test.Bytes]), test.Rip);
        bool has = true;
        while (decoder.IP < test.Rip + (ulong)test.Bytes.Count)
        {
            Instruction instruction = decoder.Decode();
            test.Instructions.Add(instruction);
            if (!instruction.IsInvalid)
                has &= HostFeatures.Has(InstructionTable.Lookup(instruction.Code).Feature);
        }
        return has;
    }

    private static string Show(DiffCase test, ref MachineState s, byte[] data, string name, string value)
    {
        int gpr = Array.IndexOf(s_gprs, name);
        if (gpr >= 0)
            return s.Gpr[gpr].ToString("x");
        if (name[0] == '[')
            return Convert.ToHexStringLower(data, (int)(Number(test, name[1..^1]) - Scratch.Data), value.Length / 2);
        fixed (MachineState* p = &s)
        {
            if (name.StartsWith("st", StringComparison.Ordinal))
            {
                byte* st = p->Fx + MachineState.StOffset + 16 * (name[2] - '0');
                return $"{*(ushort*)(st + 8):x4}:{*(ulong*)st:x16}";
            }
            if (name[1..].StartsWith("mm", StringComparison.Ordinal))
            {
                byte[] bytes = new Span<byte>(p->Ymm + 32 * int.Parse(name.AsSpan(3)), name[0] == 'y' ? 32 : 16).ToArray();
                Array.Reverse(bytes);
                return Convert.ToHexStringLower(bytes);
            }
        }
        return (name switch
        {
            "flags" => s.Rflags & (Rflags.Status | Rflags.DF),
            "rip" => s.TrapRip,
            "trap" => s.Trap,
            "error" => s.TrapError,
            "cr2" => s.TrapAddress,
            "mxcsr" => s.Mxcsr,
            "fcw" => s.X87Control,
            "fsw" => s.X87Status,
            "ftw" => (ulong)s.X87Tag,
            _ => throw new ArgumentException(name),
        }).ToString("x");
    }

    private static string Normalize(DiffCase test, string name, string value) =>
        name[0] == '[' || name.StartsWith("st", StringComparison.Ordinal) || name[1..].StartsWith("mm", StringComparison.Ordinal)
            ? value
            : Number(test, value).ToString("x");

    private static IEnumerable<(string Name, string Value)> Fields(string text)
    {
        foreach (string field in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = field.IndexOf('=', StringComparison.Ordinal);
            yield return (field[..at], field[(at + 1)..]);
        }
    }

    private static ulong Number(DiffCase test, string text)
    {
        ulong sum = 0;
        foreach (Match term in Terms().Matches(text))
        {
            ulong value = term.Groups[2].Value switch
            {
                "@c" => test.Rip,
                "@n" => CodeEnd,
                "@d" => Scratch.Data,
                "@e" => Scratch.DataEnd,
                "@s" => Scratch.Stack,
                string hex => ulong.Parse(hex, NumberStyles.HexNumber),
            };
            sum = term.Groups[1].Value == "-" ? sum - value : sum + value;
        }
        return sum;
    }

    [GeneratedRegex("([+-]?)(@[a-z]|[0-9a-f]+)")]
    private static partial Regex Terms();
}
