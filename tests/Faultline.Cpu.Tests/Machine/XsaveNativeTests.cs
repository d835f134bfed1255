using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Machine;

/// <summary>
/// The XSAVE family against the host, byte for byte: the state goes in by XRSTOR64, the instruction under test runs, and the images are compared. The
/// host's XCR0 has more components than ours, so components 0 to 2 alone are asked for, and the header is compared in those bits.
/// </summary>
/// <remarks>
/// Processors differ, and what differs is not compared. AMD's keep FOP, FIP and FDP only while ES is set, newer ones of all vendors store 0 for FCS and
/// FDS, and bit 17 of MXCSR_MASK is AMD's misaligned-SSE mode. XINUSE (SDM vol. 1, 13.6) may stay set for a component that has got its initial
/// value back; here, as on AMD's Zen 4, a component is in use exactly when its value is not the initial one. Images that spell out an initial value are
/// for AMD hosts only.
/// </remarks>
public sealed unsafe class XsaveNativeTests
{
    private const int Host = 0;
    private const int Load = 1024;
    private const int In = 2048;
    private const int Out = 3072;
    private const int OutSize = 1024;
    private const int Mask = 4096;
    private const int InUse = 4104;
    private const int BufferSize = 4160;

    private const int HeaderAt = 512;
    private const int AvxAt = 576;
    private const int Cases = 400;
    private const ulong Components = 7;
    private const ulong Compacted = 1UL << 63;

    /// <summary>SSE4a tells AMD.</summary>
    private static readonly bool _isAmd = HostFeatures.Has("sse4a");

    /// <summary>What each stores its image with: the instruction at [rdi + Out], with EDX:EAX as RFBM.</summary>
    private static readonly Dictionary<string, Action<Assembler>> _saves = new()
    {
        ["XSAVE"] = a => a.xsave(__[rdi + Out]),
        ["XSAVE64"] = a => a.xsave64(__[rdi + Out]),
        ["XSAVEOPT"] = a => a.xsaveopt(__[rdi + Out]),
        ["XSAVEOPT64"] = a => a.xsaveopt64(__[rdi + Out]),
        ["XSAVEC"] = a => a.xsavec(__[rdi + Out]),
        ["XSAVEC64"] = a => a.xsavec64(__[rdi + Out]),
        ["FXSAVE"] = a => a.fxsave(__[rdi + Out]),
        ["FXSAVE64"] = a => a.fxsave64(__[rdi + Out]),
    };

    private static readonly Dictionary<string, Action<Assembler>> _restores = new()
    {
        ["XRSTOR"] = a => a.xrstor(__[rdi + In]),
        ["XRSTOR64"] = a => a.xrstor64(__[rdi + In]),
        ["FXRSTOR"] = a => a.fxrstor(__[rdi + In]),
        ["FXRSTOR64"] = a => a.fxrstor64(__[rdi + In]),
    };

    public static TheoryData<string> Saves() => [.. _saves.Keys];

    public static TheoryData<string> Restores() => [.. _restores.Keys];

    /// <summary>Which bytes are written and with what, for every RFBM and every set of components in use.</summary>
    [NativeTheory("avx", "xsaveopt", "xsavec", "xgetbv1")]
    [MemberData(nameof(Saves))]
    public void SavesAsNatively(string instruction) => Compare(instruction, a =>
    {
        LoadMask(a);
        _saves[instruction](a);
    });

    /// <summary>What is loaded, initialised and left alone, from images in both formats.</summary>
    [NativeTheory("avx", "xsaveopt", "xsavec", "xgetbv1")]
    [MemberData(nameof(Restores))]
    public void RestoresAsNatively(string instruction) => Compare(instruction, a =>
    {
        LoadMask(a);
        _restores[instruction](a);
        All(a);
        a.xsave64(__[rdi + Out]);
    });

    /// <summary>
    /// How often a case may be run natively until it agrees. A component in its initial state counts as not in use (SDM vol. 1, 13.6), but a processor may forget
    /// that: when the host's kernel switches threads between the restore and the save, XSTATE_BV shows it in use.
    /// </summary>
    private const int Attempts = 5;

    private static void Compare(string instruction, Action<Assembler> body)
    {
        using NativeCode native = NativeCode.Raw(a =>
        {
            All(a);
            a.xsave64(__[rdi + Host]);
            Body(a, body);
            All(a);
            a.xrstor64(__[rdi + Host]);
            a.ret();
        });
        using GuestCode guest = new(CpuModel.Full);
        guest.Assemble(a => Body(a, body));
        byte[] theirs = GC.AllocateArray<byte>(BufferSize + 64, pinned: true);
        byte[] ours = new byte[BufferSize];
        byte* aligned = (byte*)((nint)(Marshal.UnsafeAddrOfPinnedArrayElement(theirs, 0) + 63) & ~63);
        for (int i = 0; i < Cases; i++)
        {
            SplitMix random = SplitMix.Of(11, i, instruction.Length);
            Fill(random, ours);
            byte[] given = (byte[])ours.Clone();
            RunGuest(guest, ours);
            string? difference = null;
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                given.CopyTo(new Span<byte>(aligned, BufferSize));
                native.Run(aligned);
                difference = Difference(new ReadOnlySpan<byte>(aligned, BufferSize), ours, instruction.EndsWith("64", StringComparison.Ordinal));
                if (difference is null)
                    break;
            }
            Assert.True(difference is null, $"{instruction}, case {i}: {difference}\nRFBM {BitConverter.ToUInt64(ours, Mask):x}, loaded XSTATE_BV {BitConverter.ToUInt64(ours, Load + HeaderAt):x}, image XSTATE_BV {BitConverter.ToUInt64(ours, In + HeaderAt):x} XCOMP_BV {BitConverter.ToUInt64(ours, In + HeaderAt + 8):x}");
        }
    }

    /// <summary>The state from Load, XINUSE as XGETBV tells it, then what is tested.</summary>
    private static void Body(Assembler a, Action<Assembler> body)
    {
        All(a);
        a.xrstor64(__[rdi + Load]);
        a.mov(ecx, 1);
        a.xgetbv();
        a.mov(__dword_ptr[rdi + InUse], eax);
        body(a);
    }

    private static void All(Assembler a)
    {
        a.mov(eax, (uint)Components);
        a.xor(edx, edx);
    }

    private static void LoadMask(Assembler a)
    {
        a.mov(eax, __dword_ptr[rdi + Mask]);
        a.mov(edx, __dword_ptr[rdi + Mask + 4]);
    }

    private static void RunGuest(GuestCode guest, byte[] buffer)
    {
        guest.Memory.Write(GuestCode.DataStart, buffer, out _);
        guest.State->Rip = GuestCode.CodeStart;
        guest.State->Gpr[7] = GuestCode.DataStart;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run(100));
        guest.Memory.Read(GuestCode.DataStart, buffer, out _);
    }

    private static void Fill(SplitMix random, byte[] buffer)
    {
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan()))
            word = random.Next();
        // XSAVE leaves what it does not know in the header, and XRSTOR refuses it.
        buffer.AsSpan(Host + HeaderAt, AvxAt - HeaderAt).Clear();
        Image(random, buffer.AsSpan(Load, OutSize), compacted: false);
        Image(random, buffer.AsSpan(In, OutSize), compacted: random.Chance(50));
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(Mask), (ulong)random.Below(8));
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(InUse), 0);
        // What the header held before: bits of components that are not asked for stay.
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(Out + HeaderAt), (ulong)random.Below(8));
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(Out + HeaderAt + 8), 0);
    }

    private static void Image(SplitMix random, Span<byte> image, bool compacted)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(image[24..], random.Chance(30) ? 0x1f80 : (uint)random.Next() & 0xffff);
        // Offsets of instruction and operand, canonical as every processor stores them.
        foreach (int at in (ReadOnlySpan<int>)[8, 16])
            BinaryPrimitives.WriteUInt64LittleEndian(image[at..], (ulong)((long)random.Next() >> 17));
        // Now and then a component is there with its initial value.
        int initial = _isAmd ? 20 : 0;
        if (random.Chance(initial))
        {
            image[..24].Clear();
            image[32..160].Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(image, 0x37f);
        }
        if (random.Chance(initial))
            image[160..416].Clear();
        if (random.Chance(initial))
            image[AvxAt..(AvxAt + 256)].Clear();
        image[HeaderAt..AvxAt].Clear();
        ulong listed = compacted ? (ulong)random.Below(8) : Components;
        BinaryPrimitives.WriteUInt64LittleEndian(image[HeaderAt..], (ulong)random.Below(8) & listed);
        BinaryPrimitives.WriteUInt64LittleEndian(image[(HeaderAt + 8)..], compacted ? listed | Compacted : 0);
    }

    private static string? Difference(ReadOnlySpan<byte> native, ReadOnlySpan<byte> ours, bool wide)
    {
        // Of the status word; FSW.ES is bit 7.
        bool isPending = (native[Out + 2] & 0x80) != 0;
        for (int i = Out; i < BufferSize; i++)
        {
            int at = i - Out;
            byte mask = at switch
            {
                HeaderAt or HeaderAt + 8 or InUse - Out => (byte)Components,
                > InUse - Out and < InUse - Out + 8 => 0,
                >= 6 and < 24 when _isAmd && !isPending => 0,
                12 or 13 or 20 or 21 when !wide => 0,
                30 => 0xfd,
                _ => byte.MaxValue,
            };
            if (((native[i] ^ ours[i]) & mask) != 0)
                return string.Create(CultureInfo.InvariantCulture, $"byte {at}: native {native[i]:x2}, ours {ours[i]:x2}");
        }
        return null;
    }
}
