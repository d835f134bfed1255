using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>Translated accesses to pages at home and to those that are not.</summary>
public unsafe class HomeAccessTests
{
    private const ulong Shared = 0x6100_0000;
    private const int Rounds = 20_000;

    public static TheoryData<string> All => Engines.All;

    /// <summary>Memory of an object is never at home: regions learn it.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void SharedMemoryIsReadAndWritten(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        using SharedObject file = new();
        guest.Memory.Map(new Mapping { Start = Shared, End = Shared + GuestPage.Size, Protection = PageProtection.Read | PageProtection.Write, Source = file, Shared = true });
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(edi, (uint)Shared);
            a.mov(esi, (uint)GuestCode.DataStart);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.add(__qword_ptr[rdi + 8], 3);
            a.mov(rax, __qword_ptr[rdi + 8]);
            a.add(__qword_ptr[rsi], rax);
            a.movdqu(xmm0, __xmmword_ptr[rdi + 3]);
            a.movdqu(__xmmword_ptr[rsi + 16], xmm0);
            a.dec(ecx);
            a.jne(loop);
        });
        Assert.Equal(3UL * Rounds, file.Content[1]);
        Assert.True(guest.Memory.Read(GuestCode.DataStart, new Span<byte>(&guest.State->Gpr[0], 8), out _) == 8);
        Assert.Equal(3UL * Rounds * (Rounds + 1) / 2, guest.State->Gpr[0]);
    }

    /// <summary>After a fork both have the same frames, until one stores: what translated code reads and writes is its own.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void AForkedProcessSeesItsOwn(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        guest.Assemble(Count);
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        using AddressSpace child = guest.Memory.Fork();
        using Processor other = new(child, CpuModel.V2, Enum.Parse<ExecutionEngine>(engine));
        for (int round = 0; round < 2; round++)
        {
            Start(other.State);
            Assert.Equal(ExitReason.SystemCall, other.Run());
            Start(guest.State);
            Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        }
        ulong parents = 0, childs = 0;
        guest.Memory.Read(GuestCode.DataStart, new Span<byte>(&parents, 8), out _);
        child.Read(GuestCode.DataStart, new Span<byte>(&childs, 8), out _);
        Assert.Equal((3UL * Rounds, 3UL * Rounds), (parents, childs));

        static void Start(CpuState* s)
        {
            s->Rip = GuestCode.CodeStart;
            s->Gpr[4] = GuestCode.StackTop;
        }

        static void Count(Assembler a)
        {
            Label loop = a.CreateLabel();
            a.mov(esi, (uint)GuestCode.DataStart);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.push(rcx);
            a.inc(__qword_ptr[rsi]);
            a.pop(rdx);
            a.dec(ecx);
            a.jne(loop);
        }
    }

    /// <summary>Where the host has no room for homes, or the memory has been moved.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void MemoryThatIsElsewhereIsTheSame(string engine)
    {
        const ulong Far = 0x2_4000_0000;
        using GuestCode guest = Engines.Guest(engine);
        byte* taken = (byte*)(Far ^ guest.Memory.HomeMask);
        bool reserved = guest.Memory.HomeMask != 0 && HostMemory.ReserveAt(taken, (nuint)Environment.SystemPageSize);
        guest.Map(Far, 2 * GuestPage.Size, PageProtection.Read | PageProtection.Write);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(rdi, Far + GuestPage.Size - 4);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.add(__qword_ptr[rdi], rcx);
            a.add(__dword_ptr[rdi - 64], 2);
            a.dec(ecx);
            a.jne(loop);
            a.mov(rax, __qword_ptr[rdi]);
            a.mov(edx, __dword_ptr[rdi - 64]);
        });
        Assert.Equal((ulong)Rounds * (Rounds + 1) / 2, guest.State->Gpr[0]);
        Assert.Equal(2UL * Rounds, guest.State->Gpr[2]);
        if (reserved)
            HostMemory.Free(taken, (nuint)Environment.SystemPageSize);
    }

    /// <summary>Between pages whose homes do not follow one another though the pages do, accesses that share a check go to the right ones.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void HomesThatDoNotFollowOneAnother(string engine)
    {
        using GuestCode guest = Engines.Guest(engine);
        ulong lowest = guest.Memory.HomeMask & (~guest.Memory.HomeMask + 1);
        ulong edge = lowest != 0 ? 3 * lowest : 0x30_0000_0000;
        guest.Map(edge - 2 * GuestPage.Size, 4 * GuestPage.Size, PageProtection.Read | PageProtection.Write);
        guest.Run(a =>
        {
            Label loop = a.CreateLabel();
            a.mov(rdi, edge - 12);
            a.mov(ecx, Rounds);
            a.Label(ref loop);
            a.add(__qword_ptr[rdi], rcx);
            a.add(__qword_ptr[rdi + 8], 2);
            a.inc(__qword_ptr[rdi + 16]);
            a.dec(ecx);
            a.jne(loop);
        });
        ulong[] found = new ulong[3];
        guest.Memory.Read(edge - 12, System.Runtime.InteropServices.MemoryMarshal.AsBytes(found.AsSpan()), out _);
        Assert.Equal([(ulong)Rounds * (Rounds + 1) / 2, 2UL * Rounds, (ulong)Rounds], found);
    }

    private sealed class SharedObject : IPageSource, IDisposable
    {
        public ulong* Content { get; } = (ulong*)HostMemory.Reserve(1 << 16);

        public int Fill(ulong offset, Span<byte> destination) => 0;

        public byte* SharedPage(ulong offset, bool forWrite) => (byte*)Content + offset;

        public void AddReference()
        {
        }

        public void Release()
        {
        }

        public void Dispose() => HostMemory.Free((byte*)Content, 1 << 16);
    }
}
