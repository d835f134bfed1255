using Faultline.Explain.Findings;
using Faultline.Explain.Images;

namespace Faultline.Explain.Tests.Rules;

/// <summary>Forms that no fixture has, and near misses: reports that resemble what a rule looks for and must give nothing.</summary>
public sealed class RuleTests
{
    private const string Cpu = "CPU: 0 PID: 88 Comm: init Not tainted 6.6.1 #1\n";

    /// <summary>mov dword ptr [rax+0x58], 0x2a at +0xc of a function.</summary>
    private const string Store =
        "Code: 44 00 00 e8 e6 ff ff ff 8d 04 40 c3 cc cc cc cc 66 66 2e 0f 1f 84 00 00 00 00 00 0f 1f 00 0f 1f 44 00 00 48 8b 05 f4 23 00 00 <c7> 40 58 2a 00 00 00 c3 cc cc cc cc "
        + "0f 1f 84 00 00 00 00 00 0f 1f\n";

    [Fact]
    public void TheMemberIsNamedByTheImage()
    {
        StubImage image = new("g", 0xffffffff81000000, new byte[0x20])
        {
            Members = [new StructMember("struct thing", "count", "int", 0x58, 4, "t"), new StructMember("struct thing", "other", "int", 0x5c, 4, "t")],
        };
        Finding finding = Assert.Single(Explained.Text(PageFault(0x58, 2, "RAX: 0000000000000000 RBX: 0000000000000001 RCX: 0000000000000000\n"), image));
        Assert.Equal(("null-offset", Confidence.Certain), (finding.Id, finding.Confidence));
        Assert.Contains("t->count (int, at 0x58 of struct thing)", finding.Cause, StringComparison.Ordinal);
        Assert.Empty(finding.WhatToDo);
    }

    [Fact]
    public void AnErrorPointerIsNamed()
    {
        Finding finding = Assert.Single(Explained.Text(PageFault(0x4c, 2, "RAX: fffffffffffffff4 RBX: 0000000000000001 RCX: 0000000000000000\n")));
        Assert.Equal(("error-pointer", Confidence.Likely), (finding.Id, finding.Confidence));
        Assert.Contains("-ENOMEM", finding.Observed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xffff8f28c2095718UL, "ffff8f28c20956c0")] // an ordinary pointer whose page is gone
    [InlineData(0xfffffffff8d65058UL, "fffffffff8d65000")] // all ones above, but nothing beside it
    [InlineData(0x12058UL, "0000000000012000")] // above what is kept unmapped
    [InlineData(0x6b6b6b6b6cUL, "0000006b6b6b6b14")] // 6b in some bytes only
    public void OtherAddressesHaveNoFinding(ulong address, string rax) =>
        Assert.Empty(Explained.Text(PageFault(address, 2, $"RAX: {rax} RBX: 0000000000000001 RCX: 0000000000000000\n")));

    [Fact]
    public void AnOopsWithASignExtendedPointerIsExplained()
    {
        IReadOnlyList<Finding> findings = Explained.Text(PageFault(0xfffffffff8d65058, 2, "RAX: fffffffff8d65000 RBX: fffffe7cf8d65000 RCX: 0000000000000000\n"));
        Finding finding = Assert.Single(findings);
        Assert.Equal(("sign-extension", Confidence.Likely), (finding.Id, finding.Confidence));
        Assert.Contains("RBX is 0xfffffe7cf8d65000", finding.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void APoisonedRegisterThatDidNotFaultIsPossibleOnly()
    {
        Finding finding = Assert.Single(Explained.Text(PageFault(0xffff8f28c2095718, 2, "RAX: ffff8f28c20956c0 RBX: dead000000000122 RCX: 00000000aaaaaaaa\n")));
        Assert.Equal(("poison-in-register", Confidence.Possible), (finding.Id, finding.Confidence));
        Assert.Contains("RBX", finding.Observed, StringComparison.Ordinal);
        Assert.DoesNotContain("RCX", finding.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void AWarningWithAPoisonedRegisterIsNot() => Assert.Empty(Explained.Text(
        "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 88 at lib/x.c:1 g+0xc/0x20\n" + Cpu + "RIP: 0010:g+0xc/0x20\n"
        + Tail("RAX: dead000000000122 RBX: 6b6b6b6b6b6b6b6b RCX: 0000000000000000\n")));

    [Theory]
    [InlineData("90 90 90 90 f3 0f 1e fa 41 81 <ea> 78 56 34 12 75 f9 0f 1f 00 0f 1f 40 00 55 48 89 e5 5d c3")] // FineIBT's preamble jumps there to fail
    [InlineData("48 89 df 41 ba 78 56 34 12 45 3b 53 f7 4d 8d 5b <f0> 75 fd 41 ff d3 90 5b c3")] // its paranoid caller does
    [InlineData("48 89 df 5d c3 cc cc cc cc <0f> 0b 48 89 fe")] // an ordinary ud2
    public void TrapsOfTheCompilerAreNotInsideInstructions(string code) => Assert.DoesNotContain(
        Explained.Text("Oops: invalid opcode: 0000 [#1] SMP NOPTI\n" + Cpu + "RIP: 0010:g+0xc0/0x200\nCode: " + code + "\n" + Tail("")),
        f => f.Id == "rip-inside-instruction");

    [Fact]
    public void AnImageDecidesWhatIsInsideAnInstruction()
    {
        // Alone the bytes allow a ud2; the image has mov eax, 0x0b0f9090 there.
        const string Report = "Oops: invalid opcode: 0000 [#1] SMP NOPTI\n" + Cpu + "RIP: 0010:g+0x13/0x20\nCode: 90 b8 90 90 <0f> 0b c3 cc cc\n";
        byte[] code = [.. Enumerable.Repeat((byte)0x90, 0x10), 0xb8, 0x90, 0x90, 0x0f, 0x0b, 0xc3, .. Enumerable.Repeat((byte)0xcc, 10)];
        StubImage image = new("g", 0xffffffff81000000, code) { Extent = 0x20 };
        Assert.Contains(Explained.Text(Report, image), f => f.Id == "rip-inside-instruction");
        // Another build's image says nothing.
        Assert.DoesNotContain(Explained.Text(Report.Replace("0x13/0x20", "0x13/0x30", StringComparison.Ordinal), image), f => f.Evidence.Any(e => e.Text.Contains("image", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "Certain")]
    [InlineData(true, null)]
    public void TheFileSaysWhetherTheZerosBelongThere(bool hasZeros, string? expected)
    {
        const string Report = "prog[1]: segfault at 0 ip 0000000000401010 sp 00007ffd4042f000 error 6 in prog[401000+1000]\n"
            + "Code: 00 00 00 00 00 00 00 00 00 00 <00> 00 00 00 00 00 00 00 00 00\n";
        byte[] code = new byte[0x40];
        if (!hasZeros)
            Array.Fill(code, (byte)0x90);
        Finding? finding = Explained.Text(Report, new StubImage("main", 0x401000, code)).SingleOrDefault();
        Assert.Equal(expected, finding?.Confidence.ToString());
        Assert.True(finding is null or { Id: "executing-zeros" });
    }

    [Fact]
    public void AFewZerosAreCode() => Assert.DoesNotContain(
        Explained.Text("prog[1]: segfault at 0 ip 0000000000401010 sp 00007ffd4042f000 error 6 in prog[401000+1000]\nCode: 90 90 90 90 <00> 00 48 8b 00 c3 00 00 00 00\n"),
        f => f.Id == "executing-zeros");

    [Theory]
    [InlineData(0x60ec1a0, 0x60f01a0)] // the writable segment starts in another 16 KiB page, and in another of 64 KiB
    [InlineData(0x60ec9a0, 0x60ecff0)] // both share a 4 KiB page: no loader can keep them apart
    public void SegmentsThatDoNotShareALargePageAreNotBlamed(ulong end, ulong start)
    {
        string text = "prog[1]: segfault at 0 ip 00000000060ec080 sp 00007ffd4042f000 error 6 in prog[5fd0000+11d000]\nCode: 00 00 00 00 <00> 00 00 00 00 00 00 00 00 00 00 00\n"
            + $"  LOAD 0x000000 0x0000000002000000 0x0000000002000000 0x{end - 0x2000000:x} 0x{end - 0x2000000:x} R E 0x4000\n"
            + $"  LOAD 0x000000 0x{start:x16} 0x{start:x16} 0x1000 0x1000 RW 0x4000\n";
        if (start == 0x60f01a0)
            text = text.Replace("60f01a0", "61001a0", StringComparison.Ordinal);
        Assert.DoesNotContain(Explained.Text(text), f => f.Id == "segment-overlap");
    }

    [Theory]
    [InlineData("kexec: Overflow in relocation type 2 value 0x280000000", "R_X86_64_PC32")]
    [InlineData("kexec: Overflow in relocation type 11 value 0x90000000", "R_X86_64_32S")]
    public void EachRelocationHasItsReason(string line, string type)
    {
        Finding finding = Assert.Single(Explained.Text(line + "\nkexec-bzImage64: Loading purgatory failed\n"));
        Assert.Equal("relocation-overflow", finding.Id);
        Assert.StartsWith(type, finding.Observed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kexec: Overflow in relocation type 10 value 0x7fffb7f0")] // it does fit
    [InlineData("kexec: Overflow in relocation type 1 value 0x2bfffb7f0")] // 64 bits hold everything
    [InlineData("kexec: Overflow in relocation type 4711 value 0x2bfffb7f0")]
    [InlineData("kexec: Undefined symbol: memcpy")]
    public void RelocationsThatFitAreNotExplained(string line) => Assert.Empty(Explained.Text(line + "\n"));

    [Theory]
    [InlineData("list_del corruption, ffff8c564274d000->next is LIST_POISON1 (dead000000000100)", "Certain", "a second time")]
    [InlineData("list_add double add: new=ffff8c564274d000, prev=ffff8c564274d000, next=ffff8c5642740000.", "Certain", "added twice")]
    [InlineData("list_del corruption, ffff8c564274d000->next is NULL", "Likely", "never initialised")]
    [InlineData("list_add corruption. prev->next should be next (ffff8c564274d000), but was 6b6b6b6b6b6b6b6b. (prev=ffff8c5642741000).", "Likely", "given back")]
    [InlineData("list_del corruption. next->prev should be ffff8c564274d000, but was dead000000000122. (next=ffff8c5642741000)", "Likely", "removed already")]
    [InlineData("list_del corruption. next->prev should be ffff8c564274d000, but was 6c6c65006b726f77. (next=ffff8c5642741000)", "Possible", "no kernel address")]
    [InlineData("list_del corruption. next->prev should be ffff8c564274d000, but was ffff8c5642742000. (next=ffff8c5642741000)", "Possible", "does not tell")]
    public void TheWrongPointerTellsWhatHappenedToAList(string message, string confidence, string cause)
    {
        Finding finding = Assert.Single(Explained.Text(message + "\n------------[ cut here ]------------\nkernel BUG at lib/list_debug.c:59!\ninvalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n" + Cpu
            + "RIP: 0010:__list_del_entry_valid.cold+0x37/0x6f\n" + Tail("RAX: 000000000000006d RBX: ffffcc9ac05bbc98 RCX: c0000000ffffefff\n")));
        Assert.Equal(("list-corruption", confidence), (finding.Id, finding.Confidence.ToString()));
        Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void AFaultInARetpolineIsItsCallers()
    {
        IReadOnlyList<Finding> findings = Explained.Text("general protection fault, probably for non-canonical address 0x1122334455667788: 0000 [#1] SMP NOPTI\n" + Cpu
            + "RIP: 0010:__x86_indirect_thunk_rax+0x3/0x10\n" + Tail("RAX: 1122334455667788 RBX: 0000000000000000 RCX: 0000000000000000\n"));
        Finding finding = Assert.Single(findings);
        Assert.Equal("fault-in-thunk", finding.Id);
        Assert.Contains("RAX holds the target", finding.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageThatOnlyMentionsAStackIsNone() =>
        Assert.Empty(Explained.Text("Kernel panic - not syncing: stack-protector: disabled by hand\n" + Cpu + "Call Trace:\n panic+0x118/0x2f4\n"));

    [Fact]
    public void ArgumentsThatAreNoNumbersAreNotShifted() => Assert.Empty(Explained.Text(
        "f: krbs: 0xe000000103800ec0\nf: krbs[0]: 0x2000000800122590\nf: krbs[1]: 0xbad1fed1\nf:args[0]: 0x2000000800122590\nf:args[1]: 0xbad1fed1\n"));

    private static string PageFault(ulong address, int error, string registers) =>
        $"BUG: unable to handle page fault for address: {address:x16}\n#PF: supervisor write access in kernel mode\n#PF: error_code(0x{error:x4}) - not-present page\n"
        + $"Oops: {error:x4} [#1] PREEMPT SMP NOPTI\n" + Cpu + "RIP: 0010:g+0xc/0x20\n" + Store + Tail(registers);

    private static string Tail(string registers) =>
        $"RSP: 0018:ffffd1d4805b3c68 EFLAGS: 00000202\n{registers}FS:  0000000000000000(0000) GS:ffff8f28df400000(0000) knlGS:0000000000000000\n"
        + "CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\nCR2: 0000000000000058 CR3: 000000000287c000 CR4: 0000000000750eb0\nCall Trace:\n <TASK>\n f+0x22/0x2a\n </TASK>\n"
        + "---[ end trace 0000000000000000 ]---\n";
}
