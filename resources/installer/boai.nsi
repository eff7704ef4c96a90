; The Windows installer: for one account, without an administrator, in Chinese. Made on Linux or Windows:
;   makensis -DVERSION=0.1.0 -DPAYLOAD=/path/to/dist/boai -DPICTURES=/path/to/build/pyinstaller -DOUT=/path/to/boai-setup.exe resources/installer/boai.nsi
; Silent: boai-setup.exe /S [/D=C:\folder]; exit code 3: this Windows is too old, 4: the program is running.
Unicode true
Target amd64-unicode  ; the program is a 64-bit one
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "x64.nsh"
!include "WinVer.nsh"
!include "LogicLib.nsh"
!define APP "BoaiTaizhang"
!define NAME "博爱台账"
!ifndef VERSION
  !define VERSION "0.0.0"
!endif
!ifndef PAYLOAD
  !define PAYLOAD "../../dist/boai"
!endif
!ifndef OUT
  !define OUT "../../dist/boai-setup.exe"
!endif
Name "${NAME} ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetCompressorDictSize 64
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "Software\${APP}" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME} 安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT"
ManifestDPIAware true
ManifestSupportedOS all
BrandingText "${NAME} ${VERSION}"
!define MUI_ABORTWARNING
; The program's sign, and the picture beside the first and the last page, which PyInstaller's run drew (its work folder).
!ifdef PICTURES
  !define MUI_ICON "${PICTURES}/boai.ico"
  !define MUI_UNICON "${PICTURES}/boai.ico"
  !define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}/side.bmp"
  !define MUI_UNWELCOMEFINISHPAGE_BITMAP "${PICTURES}/side.bmp"
!endif
!define MUI_WELCOMEPAGE_TEXT "将在这个账号下安装${NAME} ${VERSION}，不需要管理员。$\r$\n$\r$\n台账存在这个账号自己的文件夹里（%LOCALAPPDATA%\${APP}），安装、升级和卸载都不动它。"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\boai.exe"
!define MUI_FINISHPAGE_RUN_TEXT "打开${NAME}"
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "将卸载程序。台账和备份留在 $LOCALAPPDATA\${APP}，不会删除。"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_ICONSTOP "${NAME}需要 64 位的 Windows 10 或更新的版本。没有安装。" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
FunctionEnd

; A running program holds its file: nothing is written over it.
!macro REFUSE_WHILE_RUNNING
  ${If} ${FileExists} "$INSTDIR\boai.exe"
  retry:
    ClearErrors
    FileOpen $0 "$INSTDIR\boai.exe" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME}正在运行。请先关闭它，再点“重试”。" /SD IDCANCEL IDRETRY retry
      SetErrorLevel 4
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

!macro OPENED_BY_US ENDING KIND WORDS
  WriteRegStr HKCU "Software\Classes\${ENDING}" "" "${APP}.${KIND}"
  WriteRegStr HKCU "Software\Classes\${APP}.${KIND}" "" "${WORDS}"
  WriteRegStr HKCU "Software\Classes\${APP}.${KIND}\DefaultIcon" "" "$INSTDIR\boai.exe,0"
  WriteRegStr HKCU "Software\Classes\${APP}.${KIND}\shell\open\command" "" '"$INSTDIR\boai.exe" open "%1"'
!macroend

; Another program may have taken the ending since: what is not ours stays.
!macro NO_MORE_OPENED_BY_US ENDING KIND
  ReadRegStr $0 HKCU "Software\Classes\${ENDING}" ""
  ${If} $0 == "${APP}.${KIND}"
    DeleteRegKey HKCU "Software\Classes\${ENDING}"
  ${EndIf}
  DeleteRegKey HKCU "Software\Classes\${APP}.${KIND}"
!macroend

Section "main"
  !insertmacro REFUSE_WHILE_RUNNING
  RMDir /r "$INSTDIR\_internal"  ; an upgrade leaves no module of the version before
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "Software\${APP}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\boai.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
  ; Our files open with the program: a ledger, and what offices send one another.
  !insertmacro OPENED_BY_US ".boai-db" "Ledger" "${NAME}"
  !insertmacro OPENED_BY_US ".boai" "Signed" "${NAME}报送包、回执、任务包"
  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\boai.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}\卸载${NAME}.lnk" "$INSTDIR\uninstall.exe"
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\boai.exe"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  !insertmacro REFUSE_WHILE_RUNNING
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\boai.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"  ; only where it is empty: never a folder that somebody chose, with what else lies in it
  Delete "$SMPROGRAMS\${NAME}\*.lnk"
  RMDir "$SMPROGRAMS\${NAME}"
  Delete "$DESKTOP\${NAME}.lnk"
  !insertmacro NO_MORE_OPENED_BY_US ".boai-db" "Ledger"
  !insertmacro NO_MORE_OPENED_BY_US ".boai" "Signed"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\${APP}"
  IfSilent +2
  MessageBox MB_ICONINFORMATION "已卸载。台账和备份仍在：$LOCALAPPDATA\${APP}" /SD IDOK
SectionEnd
