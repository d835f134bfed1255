using Faultline.Cpu.Interpreter;
using Faultline.Memory;

namespace Faultline.Cpu.Tests.Interpreter;

/// <summary>Fetching of instruction bytes.</summary>
public sealed class GuestCodeReaderTests
{
    [Fact]
    public void AByteThatWasMissedStaysMissed()
    {
        using GuestCode guest = new();
        guest.WriteCode([0x90, 0x90]);
        GuestCodeReader reader = new(guest.Memory);
        guest.Memory.Protect(GuestCode.CodeStart, GuestCode.CodeStart + GuestPage.Size, PageProtection.Read);
        reader.Begin(GuestCode.CodeStart);
        Assert.Equal(-1, reader.ReadByte());
        Assert.Equal(MemoryFault.Protection, reader.Fault);

        // As another thread's mprotect: the decoder asks for more bytes of the same instruction.
        guest.Memory.Protect(GuestCode.CodeStart, GuestCode.CodeStart + GuestPage.Size, PageProtection.Read | PageProtection.Execute);
        Assert.Equal(-1, reader.ReadByte());
        Assert.Equal(GuestCode.CodeStart, reader.Position);
        reader.Seek(GuestCode.CodeStart);
        Assert.Equal(0x90, reader.ReadByte());
    }

    /// <summary>
    /// Another thread stores to the first page of a block while the second is decoded. It waits for this thread, which lets it go on when it goes back to the first page to read its bytes
    /// again: they are not what was decoded any more.
    /// </summary>
    [Fact]
    public void BytesThatHaveChangedSinceAreNotReadAgain()
    {
        const ulong second = GuestCode.CodeStart + GuestPage.Size;
        using GuestCode guest = new();
        guest.WriteCode([0x90, 0x90]);
        guest.Memory.Write(second, [0x90], out _);
        Observer observer = new();
        AddressSpaceUser self = new(observer, () => { }), other = new(null, () => { });
        guest.Memory.Join(self);
        guest.Memory.Join(other);
        self.EnterGuest();
        GuestCodeReader reader = new(guest.Memory);
        reader.Begin(GuestCode.CodeStart);
        Assert.Equal(0x90, reader.ReadByte());
        byte[] text = new byte[2];
        Assert.True(reader.TryReadAgain(GuestCode.CodeStart, text));
        reader.Seek(second);
        Assert.Equal(0x90, reader.ReadByte());

        Thread writer = new(() =>
        {
            other.EnterGuest();
            guest.Memory.WriteWhole(GuestCode.CodeStart, [0xcc], out _);
            other.LeaveGuest();
        });
        writer.Start();
        // Until it has said that the page changes, and waits.
        observer.Told.Wait();
        Assert.False(reader.TryReadAgain(GuestCode.CodeStart, text));
        Assert.Equal(0xcc, text[0]);
        self.LeaveGuest();
        writer.Join();
    }

    private sealed class Observer : ICodeObserver
    {
        public ManualResetEventSlim Told { get; } = new();

        public void CodeChanged(ulong page) => Told.Set();
    }
}
