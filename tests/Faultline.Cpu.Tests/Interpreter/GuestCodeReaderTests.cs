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
}
